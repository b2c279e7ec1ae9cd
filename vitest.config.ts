// How the tests run: one embedded PostgreSQL for the whole run (test/support/global-setup.ts), one
// database per file that asks for it, files in processes of their own. The reporter's last line is
// `N passed, N failed`.

import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./test/support/reporter.ts";

// The runner insists on a default export here; nothing else in the project has one.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    reporters: ["default", new SummaryReporter()],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
  },
});
