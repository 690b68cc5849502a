import type { Rows } from "../../shared/contract/rows.ts";
import type { BuildLock, LockClaim } from "../../shared/model/build-lock.ts";

/** Two locks that are busy, in the state of that name; else none. */
export function inventLocks(rows: Rows, state: string): BuildLock[] {
  if (state !== "slots") return [];
  const claim = (at: number, command: string, seconds: number): LockClaim => {
    const session = rows.sessions[at];
    return {
      rank: session ? "command" : "check",
      command,
      session: session?.id ?? null,
      task: session?.task ?? null,
      project: rows.projects[0]?.name ?? null,
      pid: session ? 4_000 + at : null,
      since: new Date(Date.now() - seconds * 1_000).toISOString(),
    };
  };
  return [
    {
      name: "build",
      slots: 2,
      holders: [claim(0, "npm run build -- --mode production", 83), claim(99, "npm test", 12)],
      waiting: [
        claim(
          1,
          "cargo build --release --target x86_64-unknown-linux-gnu --features everything,and-more",
          40,
        ),
        claim(2, "npm run build", 4),
      ],
    },
    { name: "db", slots: 1, holders: [claim(3, "./migrate.sh up", 2)], waiting: [] },
  ];
}
