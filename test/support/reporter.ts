// Prints what failed, a line each, and `N passed, N failed` as the last line of a run, for whoever
// reads only that.

import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

/**
 * Counts tests; a file that could not be collected, and an error outside any test, is a failure
 * too.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    const names: string[] = [];
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      const before = failed;
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === "passed") passed += 1;
        if (state !== "failed") continue;
        failed += 1;
        names.push(`failed: ${file} > ${test.fullName}`);
      }
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      if (failed > before) names.push(`failed file: ${file}`);
    }
    names.push(`${passed} passed, ${failed} failed`);
    process.on("exit", () => process.stdout.write(`${names.join("\n")}\n`));
  }
}
