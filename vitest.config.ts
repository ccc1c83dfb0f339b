import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["extension/tests/**/*.test.ts", "tests/web/**/*.test.ts"],
    environment: "node",
    restoreMocks: true,
    unstubGlobals: true,
  },
});
