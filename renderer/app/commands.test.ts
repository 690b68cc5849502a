import { beforeAll, expect, test, vi } from "vitest";
import { findCommands } from "./find-commands.ts";

beforeAll(() => {
  // What the modules read of a window when they are loaded.
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
  vi.stubGlobal("document", {
    documentElement: { classList: { toggle: () => undefined }, dataset: {} },
  });
});

test("usage is found in the palette, and opens its part of the profiles", async () => {
  const { commandsNow } = await import("./commands.ts");
  const { useRoute } = await import("./view-store.ts");
  const { useProfilesView } = await import("../features/profiles/profiles-view-store.ts");
  const [found] = findCommands(commandsNow(), "usage");
  found?.run();
  expect(useRoute.getState().view).toBe("profiles");
  expect(useProfilesView.getState().isUsageWanted).toBe(true);
});
