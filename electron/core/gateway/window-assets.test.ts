import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readWindowAsset } from "./window-assets.ts";

let folder = "";
let rendererDir = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "switchyard-assets-"));
  rendererDir = path.join(folder, "renderer");
  mkdirSync(rendererDir);
  writeFileSync(path.join(rendererDir, "index.html"), "<!doctype html>");
  writeFileSync(path.join(folder, "secret.txt"), "secret");
  mkdirSync(path.join(folder, "renderer-old"));
  writeFileSync(path.join(folder, "renderer-old/index.html"), "old");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the bare address is the window itself, under the policy", async () => {
  const asset = await readWindowAsset(rendererDir, "/");
  expect(asset.status).toBe(200);
  expect(asset.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(asset.headers["content-security-policy"]).toContain("default-src 'none'");
});

test.each([
  "/../secret.txt",
  "/%2e%2e/secret.txt",
  "/..%2fsecret.txt",
  "/../renderer-old/index.html",
  "/%",
  "/index.html%00",
  "/missing.js",
  "/.",
])("%s is not found", async (pathname) => {
  const asset = await readWindowAsset(rendererDir, pathname);
  expect(asset.status).toBe(404);
  expect(asset.headers["content-security-policy"]).toContain("default-src 'none'");
});
