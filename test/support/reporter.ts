// Prints `N passed, N failed` as the last line of a run, for whoever reads only that.

import type { Reporter, TestModule } from "vitest/node";

/**
 * Counts tests; a file that could not be collected, and an error outside any test, is a failure
 * too.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === "passed") passed += 1;
        if (state === "failed") failed += 1;
      }
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
    }
    process.on("exit", () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}
