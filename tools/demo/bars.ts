// Bars on a terminal: one line each, drawn over again in place. Where the output is no terminal (a
// log of a build), a line is printed only when a bar has got to its end.

import { stdout } from "node:process";

/** The state of one bar. */
export interface Bar {
  readonly label: string;
  readonly done: number;
  /** 0: not known yet. */
  readonly total: number;
  readonly unit: string;
}

const width = 30;

export class Bars {
  private drawn = 0;
  private readonly finished = new Set<string>();

  /** Draws all bars; the same labels every time. */
  draw(bars: readonly Bar[]): void {
    if (stdout.isTTY) {
      if (this.drawn > 0) stdout.write(`\u001b[${this.drawn}A`);
      for (const bar of bars) stdout.write(`\u001b[2K${render(bar)}\n`);
      this.drawn = bars.length;
      return;
    }
    for (const bar of bars) {
      if (bar.total === 0 || bar.done < bar.total || this.finished.has(bar.label)) continue;
      this.finished.add(bar.label);
      stdout.write(`${render(bar)}\n`);
    }
  }

  /** The next bars begin below. */
  end(): void {
    this.drawn = 0;
    this.finished.clear();
  }
}

function render(bar: Bar): string {
  const share = bar.total === 0 ? 0 : Math.min(1, bar.done / bar.total);
  const full = Math.round(share * width);
  const count =
    bar.total === 0 ? "waiting" : `${group(bar.done)} / ${group(bar.total)} ${bar.unit}`;
  return `  ${bar.label.padEnd(20)} ${"█".repeat(full)}${"░".repeat(width - full)} ${count}`;
}

function group(value: number): string {
  return value.toLocaleString("en-US");
}
