import { existsSync } from "node:fs";
import type { ScriptStep } from "../demo/scripted-model/step.ts";
import { findClaude } from "../demo/stand-in/find-claude.ts";
import { dataFolder } from "../electron/core/base/data-folder.ts";
import { connectSocket } from "../electron/core/base/socket-wire.ts";
import { HOST_PROTOCOL, hostContract } from "../shared/contract/host-contract.ts";
import { createClient } from "../shared/contract/rpc.ts";
import { packTerminalFrame } from "../shared/contract/terminal-frame.ts";
import type { InboxItem } from "../shared/model/inbox.ts";
import { connectClient, runCli } from "./app-access.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { startCore } from "./running-core.ts";
import {
  bash,
  call,
  finish,
  landed,
  nextOfKind,
  PATIENCE,
  statusOf,
  withWorker,
} from "./with-worker.ts";

test("a worker's permission, questions and remembered command are answered from the command line", {
  tag: "@web",
}, async () => {
  const isRealOnly = findClaude().isReal;
  const steps = (outside: (name: string) => string): readonly ScriptStep[] => [
    bash(`touch '${outside("one")}'`),
    bash(`touch '${outside("one")}'`),
    ...(isRealOnly
      ? [
          { ask: { question: "Which colour?", header: "Colour", options: ["Red", "Blue"] } },
          { when: "Blue", do: [bash("true")], otherwise: [bash("false")] },
        ]
      : []),
    call("ask", { question: "Which way?", options: ["left", "right"] }),
    { when: "right", do: [...finish], otherwise: [{ say: "not heard" }] },
  ];
  await withWorker(steps, async (world) => {
    const { home } = world;
    const permission = await nextOfKind(home, "permission");
    expect(permission.ask?.detail).toBe(`touch '${world.outside("one")}'`);
    expect(await statusOf(world)).toBe("needs-input");
    const typed = await runCli(home, ["session", "send", permission.session ?? "", "1"]);
    expect(typed.exitCode, "nothing is typed into a dialog").toBe(3);
    await command(home, "inbox", "allow", permission.id, "--remember");
    const again = await runCli(home, ["inbox", "deny", permission.id]);
    expect([again.exitCode, again.stderr]).toEqual([3, expect.stringContaining("was allowed")]);
    expect((await runCli(home, ["inbox", "deny", "a-99"])).exitCode).toBe(3);

    if (isRealOnly) {
      const colour = await nextOfKind(home, "question");
      await command(home, "inbox", "answer", colour.id, "2");
      await expect
        .poll(
          async () => (await command(home, "inbox")).map(({ text }: InboxItem) => text),
          PATIENCE,
        )
        .toEqual(["Which way?"]);
    }
    const way = await nextOfKind(home, "question");
    await command(home, "inbox", "answer", way.id, "right");
    await landed(world);
    expect(await command(home, "inbox")).toEqual([]);
    expect(await command(home, "approval", "list", "--project", "app")).toHaveLength(1);
  });
});

test("an ask outlives the core that heard it, and is denied through the next one", {
  tag: "@web",
}, async () => {
  const steps = (outside: (name: string) => string): readonly ScriptStep[] => [
    bash(`touch '${outside("one")}'`),
    { when: "use another place", do: [...finish], otherwise: [{ say: "not heard" }] },
  ];
  await withWorker(steps, async (world) => {
    const { home } = world;
    const before = await nextOfKind(home, "permission");
    world.core.kill();
    await world.core.ended;
    expect((await runCli(home, ["inbox", "deny", before.id])).exitCode, "no app runs").toBe(4);
    world.core = await startCore(home);
    const after = await nextOfKind(home, "permission");
    expect(after.id).toBe(before.id);
    await command(home, "inbox", "deny", after.id, "--note", "use another place");
    await landed(world);
    expect(existsSync(world.outside("one"))).toBe(false);
  });
});

test("a permission that is answered in its pane leaves the inbox, and a later answer hears so", {
  tag: "@web",
}, async () => {
  const steps = (outside: (name: string) => string): readonly ScriptStep[] => [
    bash(`touch '${outside("one")}'`),
    ...finish,
  ];
  await withWorker(steps, async (world) => {
    const { home } = world;
    const { id, session } = await nextOfKind(home, "permission");
    await using connected = await connectClient(home.folder);
    const { client } = connected;
    await expect
      .poll(async () => {
        const { lines } = await client.call("session.peek", { session: session ?? "", lines: 40 });
        return lines.join("\n");
      }, PATIENCE)
      .toMatch(/Yes/);
    const { stream } = await client.call("terminal.attach", {
      session: session ?? "",
      isFocused: true,
    });
    client.sendStream(stream, packTerminalFrame({ kind: "input", bytes: Buffer.from("\r") }));
    await expect.poll(() => command(home, "inbox"), PATIENCE).toEqual([]);
    const late = await runCli(home, ["inbox", "deny", id]);
    expect([late.exitCode, late.stderr]).toEqual([3, expect.stringContaining("in its pane")]);
    await landed(world);
    expect(existsSync(world.outside("one"))).toBe(true);
  });
});

test("what was asked and answered in the pane while no core ran is no card for the next one", {
  tag: "@web",
}, async () => {
  const steps = (outside: (name: string) => string): readonly ScriptStep[] => [
    { slow: 12 },
    bash(`touch '${outside("one")}'`),
    ...finish,
  ];
  await withWorker(steps, async (world) => {
    const { home } = world;
    const sessions = () => command(home, "session", "list", "--project", "app");
    await expect.poll(async () => (await sessions())[0]?.state, PATIENCE).toBe("working");
    const [{ id }] = await sessions();
    world.core.kill();
    await world.core.ended;

    const socket = dataFolder(home.folder).hostSocket(HOST_PROTOCOL);
    const host = createClient(hostContract, await connectSocket(socket));
    const screen = async () =>
      (await host.call("text", { session: id, lines: 40 })).lines.join(" ");
    await expect.poll(screen, PATIENCE).toMatch(/1\. Yes/);
    await host.call("write", { session: id, base64: Buffer.from("\r").toString("base64") });
    await expect.poll(() => existsSync(world.outside("one")), PATIENCE).toBe(true);
    expect(await host.call("held", {}), "its hook is held open all the same").not.toEqual([]);
    host.close();

    world.core = await startCore(home);
    await landed(world);
    const events: { kind: string }[] = await command(home, "events");
    expect(events.map(({ kind }) => kind)).not.toContain("ask.opened");
  });
});
