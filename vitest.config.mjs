import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{shared,electron,renderer,demo,e2e,build,bench}/**/*.test.{ts,tsx}"],
    // Real git, real SQLite and real terminals on a busy machine; a test that hangs still ends.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A look at the outside world that gives no event is repeated so long, for the same reason.
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
  },
});
