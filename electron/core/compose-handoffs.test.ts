import { expect, test } from "vitest";
import { ProjectName } from "../../shared/model/ids.ts";
import type { Settings } from "../../shared/model/settings.ts";
import { composeHandoffMark } from "./compose-handoffs.ts";

const project = ProjectName.parse("app");

/** Of the store, the settings and the session only what is looked at. */
function check(
  handoffAt: NonNullable<NonNullable<Settings["agents"]>["worker"]>["handoff-at"],
  window: number,
  markedAt: number | null,
  kind: "worker" | "sign-in" = "worker",
) {
  const worker = handoffAt === undefined ? {} : { "handoff-at": handoffAt };
  const mark = composeHandoffMark({
    store: { projects: { find: () => ({ name: project, path: "/app" }) } },
    settings: { of: () => ({ agents: { worker } }) },
  } as unknown as Parameters<typeof composeHandoffMark>[0]);
  const session = { kind, project: kind === "worker" ? project : null };
  expect(mark(session as Parameters<typeof mark>[0], window)).toBe(markedAt);
}

test("a session's handoff is marked where its project's settings put it, in tokens of its own window", () => {
  check(undefined, 1_000_000, 140_000);
  check(undefined, 100_000, 70_000);
  check(30_000, 200_000, 30_000);
  check("50%", 200_000, 100_000);
});

test("where there is none, nothing is marked", () => {
  check("off", 200_000, null);
  check(30_000, 200_000, null, "sign-in");
});
