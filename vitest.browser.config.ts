import { defineConfig } from "vitest/config";

/** Tests in a real browser against the real service; run with npm run test:browser. */
export default defineConfig({
  test: {
    globalSetup: ["tests/e2e/world.ts"],
    // One browser and one service at a time: what is timed is then not another test's work.
    fileParallelism: false,
    include: ["tests/e2e/**/*.test.ts"],
    testTimeout: 400_000,
    hookTimeout: 300_000,
  },
});
