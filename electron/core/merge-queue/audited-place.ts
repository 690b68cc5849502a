import { auditQueue } from "../../../e2e/audit/audit-queue.ts";
import { snapshotPerson } from "../../../e2e/audit/snapshot-person.ts";
import type { TestRepository } from "../git/test-repository.ts";

/**
 * For tests only: a repository of which it is remembered what the person did last and where the workers' branches stand, for the
 * auditor. What a test does to it goes through here; what it changes behind its back has to be told with `notePerson`.
 */
export interface AuditedPlace extends TestRepository {
  notePerson(): void;
  /** Throws where one of the queue's promises was broken. The queue has to have ended. */
  audit(home: string, target: string): void;
}

/** These change nothing of the person's, and may run while a landing is just changing it. */
const READS = [
  "cat-file",
  "diff",
  "for-each-ref",
  "log",
  "ls-tree",
  "rev-list",
  "rev-parse",
  "show",
  "status",
];

export async function auditPlace(place: TestRepository): Promise<AuditedPlace> {
  const { root } = place.repo;
  const start = await place.oid("main");
  const branches = new Map<string, string>();
  let person = snapshotPerson(root);
  const notePerson = () => {
    person = snapshotPerson(root);
  };
  return {
    ...place,
    notePerson,
    write(files) {
      place.write(files);
      notePerson();
    },
    async git(...args) {
      const said = await place.git(...args);
      if (READS.includes(args[0] ?? "")) return said;
      for (const name of branches.keys()) {
        if (args.some((each) => each.includes(name))) branches.delete(name);
      }
      notePerson();
      return said;
    },
    async commitOn(branch, files, message) {
      const oid = await place.commitOn(branch, files, message);
      if (branch.startsWith("switchyard/")) branches.set(branch, oid);
      return oid;
    },
    audit(home, target) {
      const check = "as-recorded";
      const wrong = auditQueue({ home, repository: root, target, start, check, person, branches });
      if (wrong.length > 0) throw new Error(`the auditor says:\n${wrong.join("\n")}`);
    },
  };
}
