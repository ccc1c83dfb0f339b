import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/node_modules/**",
      ".venv/**",
      "extension/dist*/**",
      "extension/package/**",
      "extension/src/generated/**",
      "backend/recore/web/static/dist/**",
      "backend/dist/**",
      "dist/**",
      "var/**",
      "demo-output/**",
      "test-output/**",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ["**/*.mjs"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", URL: "readonly", Buffer: "readonly" },
    },
  },
  {
    // The pretend marketplace's own page script.
    files: ["sandbox/static/*.js"],
    languageOptions: {
      sourceType: "script",
      globals: Object.fromEntries(
        ["document", "window", "location", "history", "fetch", "setTimeout", "URL", "URLSearchParams", "FormData"].map(
          (name) => [name, "readonly"],
        ),
      ),
    },
  },
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-undef": "off",
    },
  },
  {
    // The browser's extension API stays behind platform/: everything else can be tested without a browser.
    files: ["extension/src/**/*.ts"],
    ignores: ["extension/src/platform/**", "extension/src/entrypoints/**"],
    rules: {
      "no-restricted-globals": ["error", { name: "chrome", message: "use extension/src/platform" }],
    },
  },
  {
    // core/ is pure: no browser, no network, no clock of its own.
    files: ["extension/src/core/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", "chrome", "fetch", "indexedDB", "setTimeout", "window"],
      "no-restricted-imports": [
        "error",
        { patterns: ["**/platform/**", "**/services/**", "**/api/**", "**/ui/**", "**/entrypoints/**"] },
      ],
    },
  },
);
