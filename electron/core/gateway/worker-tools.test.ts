import { expect, test } from "vitest";
import { SessionId } from "../../../shared/model/ids.ts";
import { answerToolMessage, type WorkerActions } from "./worker-tools.ts";

const session = SessionId.parse("s-1");

function recordingActions(calls: unknown[]): WorkerActions {
  const note =
    (name: string) =>
    async (...args: unknown[]) => {
      calls.push([name, ...args]);
      return { text: `${name} noted`, isError: false };
    };
  return {
    taskDone: note("task_done"),
    taskBlocked: note("task_blocked"),
    progress: note("progress"),
    ask: note("ask"),
    message: note("message"),
    handoff: note("handoff"),
  };
}

async function ask(message: object, calls: unknown[] = []) {
  const answer = await answerToolMessage(
    session,
    "request-1",
    JSON.stringify({ jsonrpc: "2.0", ...message }),
    recordingActions(calls),
  );
  return { status: answer.status, body: answer.body === "" ? null : JSON.parse(answer.body) };
}

test("each message stands alone: tools can be listed without a greeting", async () => {
  const { body } = await ask({ id: 1, method: "tools/list" });
  expect(body.result.tools.map((tool: { name: string }) => tool.name)).toEqual([
    "task_done",
    "task_blocked",
    "progress",
    "ask",
    "message",
    "handoff",
  ]);
});

test("the greeting names the server switchyard", async () => {
  const params = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "claude", version: "2" },
  };
  const { body } = await ask({ id: 1, method: "initialize", params });
  expect(body.result.serverInfo.name).toBe("switchyard");
});

test("a call reaches its action with the session it came from", async () => {
  const calls: unknown[] = [];
  const { body } = await ask(
    {
      id: 2,
      method: "tools/call",
      params: { name: "task_done", arguments: { summary: "all done" } },
    },
    calls,
  );
  expect(calls).toEqual([["task_done", "s-1", "all done"]]);
  expect(body.result).toMatchObject({
    content: [{ type: "text", text: "task_done noted" }],
    isError: false,
  });
});

test("a call with the wrong input is refused and does nothing", async () => {
  const calls: unknown[] = [];
  const { body } = await ask(
    { id: 3, method: "tools/call", params: { name: "task_done", arguments: {} } },
    calls,
  );
  expect(calls).toEqual([]);
  expect(body.result?.isError ?? body.error !== undefined).toBe(true);
});

test("a notification is taken without an answer", async () => {
  expect(await ask({ method: "notifications/initialized" })).toEqual({ status: 202, body: null });
});

test("what is no JSON-RPC is refused", async () => {
  const answer = await answerToolMessage(session, "request-1", "hello", recordingActions([]));
  expect(answer.status).toBe(400);
});
