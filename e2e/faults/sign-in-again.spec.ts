import { expect, test } from "@playwright/test";
import { chaosScenario } from "../soak/chaos-plan.ts";
import { openFaultApp, until, untilLanded } from "./fault-app.ts";

test("F66: after one sign-in every worker that was parked for it goes on in its conversation", async () => {
  await using app = await openFaultApp();
  const { driver, model } = app;
  const profiles = { "01-dead": { name: "dead", reject: { status: 401 } } };
  model.setScenario({ ...chaosScenario, profiles });
  await app.addProfile("dead");
  const tasks = [await app.addTask("a", "dead"), await app.addTask("b", "dead")];
  await until("the profile is signed out", async () => {
    const { state } = await driver.read("profile.show", { name: "dead" });
    return state === "signed-out";
  });
  const events = await driver.read("app.events", { since: 0 });
  const incidents = events.filter(
    ({ kind, data }) => kind === "profile.state" && data.to === "signed-out",
  );
  expect(incidents).toHaveLength(1);
  const sessions = async () =>
    (await Promise.all(tasks.map((task) => app.sessionsOf(task)))).flat();
  const parked = await until("its worker waits", async () =>
    (await sessions()).find(({ state }) => state === "limited"),
  );
  model.setScenario(chaosScenario);

  const { id } = await driver.read("profile.login", { name: "dead" });
  await until("it asks for the code", async () => {
    const session = await driver.read("session.show", { session: id });
    return session.codeLink;
  });
  await driver.read("profile.send-code", { name: "dead", code: "good-code" });
  for (const task of tasks) await untilLanded(app, task, 90_000);
  // A start that the refusal of the other one forestalled began no conversation.
  const worked = (await sessions()).filter(({ pid }) => pid !== null);
  // Each task has had one conversation, and the one that was parked is among them.
  expect(new Set(worked.map(({ providerSession }) => providerSession)).size).toBe(tasks.length);
  expect(worked.map(({ providerSession }) => providerSession)).toContain(parked.providerSession);
});
