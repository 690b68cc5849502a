import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Demo } from "../demo/prepare-demo.ts";
import { type CliAnswer, runCli } from "./app-access.ts";
import type { AppHome } from "./app-home.ts";

/** One command that has to succeed; answers with its JSON document. */
export async function command(
  home: AppHome,
  ...args: readonly string[]
): Promise<CliAnswer["json"]> {
  const answer = await runCli(home, args);
  if (answer.exitCode !== 0)
    throw new Error(
      `switchyard ${args.slice(0, 3).join(" ")} ended with ${answer.exitCode}: ${answer.stdout}${answer.stderr}`,
    );
  return answer.json;
}

/** Makes the demo's profiles, project, plan and tasks with the command line alone. Returns the plan and the tasks by their ids. */
export async function createByCommandLine(
  home: AppHome,
  demo: Demo,
): Promise<{ plan: string; tasks: readonly string[] }> {
  for (const { name, plan, cap, executable, env } of demo.profiles) {
    const variables = Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    await command(
      home,
      "profile",
      "add",
      name,
      "--plan",
      plan,
      "--cap",
      String(cap),
      "--executable",
      executable,
      ...variables,
    );
  }
  const { name, path: repository, target, checks } = demo.project;
  await command(
    home,
    "project",
    "add",
    repository,
    "--name",
    name,
    "--target",
    target,
    ...checks.flatMap((check) => ["--check", check.run]),
  );
  const plan: string = (
    await command(home, "plan", "create", demo.planTitle, "--draft", "--project", name)
  ).id;
  const tasks: string[] = [];
  for (const { title, body, after } of demo.tasks) {
    const file = path.join(home.workFolder, "task.md");
    writeFileSync(file, body);
    const waitsFor = after.flatMap((index) => ["--after", tasks[index] ?? ""]);
    tasks.push(
      (
        await command(
          home,
          "task",
          "create",
          title,
          "--project",
          name,
          "--plan",
          plan,
          "--body-file",
          file,
          ...waitsFor,
        )
      ).id,
    );
  }
  await command(home, "plan", "activate", plan);
  return { plan, tasks };
}
