import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const room = pathToFileURL(`${import.meta.dirname}/outlive-full-disk.ts`).href;

test("what a full disk refuses ends no process, from a timer or from a promise", async () => {
  await check({ fails: 'Object.assign(new Error("full"), { code: "ENOSPC" })', livesOn: true });
});

test("any other failure that nobody catches ends it", async () => {
  await check({ fails: 'new Error("a defect")', livesOn: false });
});

async function check({
  fails,
  livesOn,
}: {
  readonly fails: string;
  readonly livesOn: boolean;
}): Promise<void> {
  for (const how of [`setTimeout(() => { throw ${fails}; })`, `Promise.reject(${fails})`]) {
    const script = `
      import { outliveFullDisk } from ${JSON.stringify(room)};
      outliveFullDisk(() => {});
      ${how};
      setTimeout(() => console.log("lives on"), 100);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const [code] = await once(child, "close");
    expect([said.trim() === "lives on", code === 0]).toEqual([livesOn, livesOn]);
  }
}
