import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLog } from "./log.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "log-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("writes lines with the error, its cause and the message, and no secret in any of its shapes", () => {
  {
    using log = openLog(root, "core");
    const cause = new Error("the key sk-ant-api03-CANARY_1-x was refused");
    log.warn(
      {
        error: new Error("call failed", { cause }),
        headers: { authorization: "Bearer CANARY.2" },
        accessToken: "CANARY-3",
        url: "http://127.0.0.1:1/s/CANARY_4_0123456789abcdef/hook",
        note: "sent Bearer CANARY5== on",
      },
      "it went wrong",
    );
  }
  const text = readFileSync(join(root, "core.log"), "utf8");
  expect(text).not.toContain("CANARY");
  const line = JSON.parse(text);
  expect(line.msg).toBe("it went wrong");
  expect(line.error.cause.message).toBe("the key [secret] was refused");
});
