import { expect, test } from "vitest";
import { parseOutsideLink } from "./outside-link.ts";

test.each([
  ["https://example.com/a?b#c", "https://example.com/a?b#c"],
  ["http://127.0.0.1:3000/", "http://127.0.0.1:3000/"],
  ["mailto:someone@example.com", "mailto:someone@example.com"],
])("%s opens outside", (address, opened) => {
  expect(parseOutsideLink(address)).toBe(opened);
});

test.each([
  "file:///etc/passwd",
  "smb://server/share",
  "javascript:alert(1)",
  "data:text/html,x",
  "\\\\server\\share",
  "//server/share",
  "ms-msdt:/id",
  "vscode://file/etc/passwd",
  "https://bank.example@evil.test/",
  "/etc/passwd",
  "",
])("%s does not", (address) => {
  expect(parseOutsideLink(address)).toBeNull();
});
