import { expect, test } from "vitest";
import { Project } from "../../shared/model/project.ts";
import { runAgainst } from "./fake-surroundings.ts";
import { readMoment } from "./read-words.ts";
import { sampleEntry, sampleProject } from "./sample-rows.ts";

test("a freeze takes its end and its project, and says how the queue stands", async () => {
  const sent: unknown[] = [];
  const frozen = { by: "person", until: null } as const;
  const handlers = {
    "queue.freeze": (input: unknown) => {
      sent.push(input);
      return Project.parse({ ...sampleProject, queue: { ...sampleProject.queue, frozen } });
    },
    "queue.unfreeze": () => sampleProject,
  };
  const { out, exitCode } = await runAgainst({ handlers }, "queue", "freeze", "app");
  expect([exitCode, out]).toEqual([0, "Frozen by you with no end: the queue of app.\n"]);
  await runAgainst({ handlers }, "queue", "freeze", "app", "--until", "2999-01-01T08:00Z");
  expect(sent).toEqual([
    { project: "app", until: null },
    { project: "app", until: "2999-01-01T08:00:00.000Z" },
  ]);
  const ended = await runAgainst({ handlers }, "queue", "unfreeze", "app");
  expect(ended.out).toBe("Not frozen: the queue of app.\n");
});

test.each([
  ["soon", "soon is no time."],
  ["", "A time is missing. Write a clock time such as 18:00"],
  ["25:00", "25:00 is no time."],
  ["2026-13-01T08:00", "2026-13-01T08:00 is no time."],
  ["2999-02-29T08:00", "2999-02-29T08:00 is no time."],
  ["2001-01-01T08:00", "2001-01-01T08:00 is over."],
])("a freeze cannot end at %s", async (word, sentence) => {
  const { err, exitCode } = await runAgainst(
    { handlers: {} },
    "queue",
    "freeze",
    "app",
    "--until",
    word,
  );
  expect(exitCode).toBe(2);
  expect(err).toContain(sentence);
});

test("a clock time is the next one, today or tomorrow", () => {
  const noon = new Date(2026, 10, 21, 12, 0);
  expect(readMoment("18:00", noon)).toBe(new Date(2026, 10, 21, 18, 0).toISOString());
  expect(readMoment("08:30", noon)).toBe(new Date(2026, 10, 22, 8, 30).toISOString());
});

test("a hot fix says where it stands, and can be ended", async () => {
  const handlers = {
    "queue.hotfix": ({ isOn }: { readonly isOn: boolean }) => ({
      ...sampleEntry,
      hotfixAt: isOn ? "2026-11-21T09:00:00.000Z" : null,
    }),
  };
  const made = await runAgainst({ handlers }, "queue", "hotfix", "q-4");
  expect(made.out).toBe("q-4 is a hot fix and goes first; it is checking.\n");
  const ended = await runAgainst({ handlers }, "queue", "hotfix", "q-4", "--off");
  expect(ended.out).toBe("q-4 is no hot fix; it is checking.\n");
});

test("an entry is shown with what its commits change, where that is asked for", async () => {
  const change = {
    commits: ["Sort by date \u001b[31m"],
    commitCount: 1,
    files: [{ kind: "source" as const, count: 1 }],
    added: 3,
    removed: 1,
    tests: [],
  };
  const handlers = { "queue.show": () => sampleEntry, "queue.change": () => change };
  const { out } = await runAgainst({ handlers }, "queue", "show", "q-4", "--change");
  expect(out).toContain("- Sort by date");
  expect(out).toContain("1 commit, 1 file (1 source), 3 lines added, 1 removed.");
  expect(out).not.toContain("\u001b");
  const json = await runAgainst({ handlers }, "queue", "show", "q-4", "--change", "--json");
  expect(JSON.parse(json.out)).toMatchObject({ id: "q-4", change });
});
