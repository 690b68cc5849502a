import fc from "fast-check";
import { expect, test } from "vitest";
import { RESOLVER_TRIES_MAX } from "../../../../shared/model/resolution.ts";
import { type ConflictSituation, type ConflictStep, planResolution } from "./plan-resolution.ts";

const begun: ConflictSituation = {
  isResolverOn: true,
  hasWorker: true,
  returns: 0,
  tries: [],
};

function check(situation: Partial<ConflictSituation>, step: ConflictStep): void {
  expect(planResolution({ ...begun, ...situation })).toEqual(step);
}

test("the worker that wrote the branch is asked first, and a second time", () => {
  check({}, { kind: "return" });
  check({ returns: 1 }, { kind: "return" });
});

test("work that came back twice goes to a resolver", () =>
  check({ returns: 2 }, { kind: "start-resolver", number: 1 }));

test("work of which nobody remembers anything goes to a resolver at once", () =>
  check({ hasWorker: false }, { kind: "start-resolver", number: 1 }));

test("a project without resolvers sends everything back", () => {
  check({ isResolverOn: false, hasWorker: false }, { kind: "return" });
  check({ isResolverOn: false, returns: 9 }, { kind: "return" });
});

test("while a resolver is at work nothing else is begun", () => {
  check({ tries: ["at-work"] }, { kind: "wait" });
  check({ tries: ["over", "at-work"] }, { kind: "wait" });
  check({ tries: ["at-work"], isResolverOn: false }, { kind: "wait" });
});

test("a first resolver that failed is followed by a second, and that by a person", () => {
  check({ returns: 2, tries: ["over"] }, { kind: "start-resolver", number: 2 });
  check({ returns: 2, tries: ["over", "over"] }, { kind: "ask-person" });
});

test("resolvers that were switched off meanwhile leave the rest to a person", () =>
  check({ isResolverOn: false, tries: ["over"] }, { kind: "ask-person" }));

test("however it goes, there are never more resolvers than allowed, and it comes to an end", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.nat(9), fc.array(fc.boolean()), (hasWorker, returns, switched) => {
      let tries: ConflictSituation["tries"] = [];
      for (const isResolverOn of [...switched, true, true, true]) {
        const step = planResolution({ isResolverOn, hasWorker, returns, tries });
        if (step.kind !== "start-resolver") continue;
        expect(step.number).toBe(tries.length + 1);
        tries = [...tries, "over"];
      }
      expect(tries.length).toBeLessThanOrEqual(RESOLVER_TRIES_MAX);
    }),
  );
});
