import { expect, test } from "vitest";
import type { BuildLock, LockClaim } from "../../shared/model/build-lock.ts";
import { ProjectName } from "../../shared/model/ids.ts";
import { countHeld } from "./compose-machine-reading.ts";

const [app, web] = [ProjectName.parse("app"), ProjectName.parse("web")];
const claim = (rank: LockClaim["rank"], project: ProjectName | null): LockClaim => ({
  ...{ rank, project, command: "make", session: null, task: null, pid: null },
  since: "2026-11-22T09:00:00.000Z",
});
const lock = (name: string, ...holders: readonly LockClaim[]): BuildLock => ({
  ...{ name, slots: 4, waiting: [claim("command", app)] },
  holders: [...holders],
});

test("slots that a project's own checks hold are not in the way of the next, those of anybody else are", () => {
  expect(countHeld([], { name: app })).toBe(0);
  expect(countHeld([lock("db", claim("command", web))], { name: app })).toBe(0);
  const holders = [claim("check", app), claim("check", web), claim("command", app)];
  expect(countHeld([lock("build", ...holders)], { name: app })).toBe(2);
});
