import { expect, test } from "vitest";
import { withOlderStore } from "./with-older-store.ts";

/** The version before verdicts said what their checks ran in. */
const BEFORE = 10;
const ROWS = `
      INSERT INTO verdicts (tree, spec_hash, is_green, results, at)
        VALUES ('t', 's', 1, '[]', '2026-11-21T09:00:00.000Z')
`;

test("a verdict of the version before is one of an unknown environment, and stays as it is", () => {
  withOlderStore(BEFORE, ROWS, (store) => {
    const insert = (envHash: string) =>
      store.write("x", () =>
        store.verdicts.insert({ tree: "t", specHash: "s", envHash, isGreen: false, results: [] }),
      );
    insert("e");
    expect(store.verdicts.list("t")).toMatchObject([
      { envHash: "e", isGreen: false },
      { envHash: null, isGreen: true, at: "2026-11-21T09:00:00.000Z" },
    ]);
    expect(() => insert("")).toThrow("CHECK");
  });
});
