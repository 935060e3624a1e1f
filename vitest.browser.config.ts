import { defineConfig } from "vitest/config";

/** Tests in a real browser against the real service; run with npm run test:browser. */
export default defineConfig({
  test: {
    include: ["tests/e2e/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
