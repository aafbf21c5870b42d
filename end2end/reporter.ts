import type { FullResult, Reporter, Suite } from '@playwright/test/reporter';

/** Writes the one line that `cargo xtask test` counts. */
export default class Counts implements Reporter {
  private suite?: Suite;

  onBegin(_config: unknown, suite: Suite) {
    this.suite = suite;
  }

  onEnd(result: FullResult) {
    const outcomes = (this.suite?.allTests() ?? []).map((test) => test.outcome());
    const count = (...wanted: string[]) => outcomes.filter((outcome) => wanted.includes(outcome)).length;
    // A run that was cut short has failed, whatever ran until then.
    const cut = result.status !== 'passed' && count('unexpected') === 0 ? 1 : 0;
    const failed = count('unexpected') + cut;
    console.log(`browser tests: ${count('expected', 'flaky')} passed, ${failed} failed, ${count('skipped')} skipped`);
  }

  printsToStdio() {
    return true;
  }
}
