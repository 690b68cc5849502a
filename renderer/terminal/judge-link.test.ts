import { expect, test } from "vitest";
import { judgeLink } from "./judge-link.ts";

function check(target: string, shown: string, verdict: string): void {
  const judged = judgeLink(target, shown);
  const told = judged.kind === "ask" ? `ask ${judged.host}` : judged.kind;
  expect(told).toBe(verdict);
}

test("a link that reads as where it leads is opened", () => {
  check("https://example.org/a?b=1", "https://example.org/a?b=1", "open");
  check("https://example.org/", "example.org", "open");
  check("http://localhost:3000", "http://localhost:3000/", "open");
});

test("one that reads otherwise is asked about, with the host it really leads to", () => {
  check("https://evil.example/x", "https://github.com/x", "ask evil.example");
  check("https://evil.example/x", "the docs", "ask evil.example");
  check("https://github.com.evil.example", "github.com", "ask github.com.evil.example");
});

test("hosts that look like others are asked about even where text and target agree", () => {
  check("https://github.com@evil.example/", "https://github.com@evil.example/", "ask evil.example");
  check("https://gіthub.com/", "https://gіthub.com/", "ask xn--gthub-n2e.com");
});

test("files go another way, and nothing but files and the web is opened", () => {
  check("file:///w/a.ts", "a.ts", "file");
  for (const target of ["javascript:alert(1)", "smb://host/share", "vscode://file/x", "no address"])
    check(target, target, "refuse");
});
