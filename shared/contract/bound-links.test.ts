import { expect, test } from "vitest";
import { boundLinks, type LinkedScreen } from "./bound-links.ts";

function newLinks(): LinkedScreen["_oscLinkService"] {
  const screen: LinkedScreen = {
    _oscLinkService: {
      registerLink: () => 0,
      addLineToLink: () => {},
      getLinkData: () => undefined,
    },
  };
  boundLinks(screen);
  return screen._oscLinkService;
}

test("the newest links are kept, by their number and by their length", () => {
  const links = newLinks();
  const first = links.registerLink({ uri: "https://a.example" });
  for (let each = 0; each < 20_000; each++) links.registerLink({ uri: "https://b.example" });
  const last = links.registerLink({ uri: "https://c.example" });
  expect(links.getLinkData(first)).toBeUndefined();
  expect(links.getLinkData(last)?.uri).toBe("https://c.example");
  for (let each = 0; each < 2_000; each++) links.registerLink({ uri: `x${"y".repeat(2_000)}` });
  expect(links.getLinkData(last)).toBeUndefined();
});

test("a link of one name is the same wherever it stands, and one without a name is another", () => {
  const links = newLinks();
  const named = { id: "a", uri: "https://a.example" };
  expect(links.registerLink(named)).toBe(links.registerLink({ ...named }));
  const plain = { uri: "https://a.example" };
  expect(links.registerLink(plain)).not.toBe(links.registerLink({ ...plain }));
});

test("an address that is too long is no link", () => {
  expect(newLinks().registerLink({ uri: "x".repeat(2_084) })).toBe(0);
});
