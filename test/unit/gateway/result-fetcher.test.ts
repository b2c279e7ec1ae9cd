// Tokens against the state of a result: before the first page, between pages, at the end, after
// it, and after a failure.

import { describe, expect, test } from "vitest";
import { systemClock } from "../../../src/common/clock.ts";
import { GatewayError } from "../../../src/common/gateway-error.ts";
import { milliseconds } from "../../../src/common/time.ts";
import type { RawRow, RowBatch, RowSource } from "../../../src/gateway/result/query-result.ts";
import { ResultFetcher } from "../../../src/gateway/result/result-fetcher.ts";
import { tableResult, column } from "../../../src/gateway/statements/fixed-results.ts";
import { stringType } from "../../../src/protocol/logical-type.ts";

/** Batches as they were written down; nothing is made up. */
class ListedRows implements RowSource {
  readonly #batches: (RowBatch | GatewayError)[];
  closed = 0;
  constructor(batches: (RowBatch | GatewayError)[]) {
    this.#batches = batches;
  }
  async take(): Promise<RowBatch> {
    const next = this.#batches.shift() ?? { rows: [], done: true };
    if (next instanceof GatewayError) throw next;
    return next;
  }
  changed(): Promise<void> {
    return Promise.resolve();
  }
  drained(): Promise<void> {
    return Promise.resolve();
  }
  async close(): Promise<void> {
    this.closed += 1;
  }
}

const rows = (...values: string[]): RawRow[] => values.map((value) => [value]);

function query(source: RowSource): ResultFetcher {
  const result = {
    kind: "query",
    isQuery: true,
    jobId: "a".repeat(32),
    columns: [{ name: "c", logicalType: stringType, comment: null }],
    pgTypes: [{ kind: "text" }],
    rows: source,
  } as const;
  return new ResultFetcher(result, "UTC", systemClock);
}

const fetch = (fetcher: ResultFetcher, token: number, format: "JSON" | "PLAIN_TEXT" = "JSON") =>
  fetcher.fetch({ token, format, hold: milliseconds(0), signal: new AbortController().signal });

const data = (...values: string[]) =>
  values.map((value) => `{"kind":"INSERT","fields":["${value}"]}`).join(",");

describe("a query of two pages", () => {
  const made = () =>
    query(
      new ListedRows([
        { rows: rows("a", "b"), done: false },
        { rows: rows("c"), done: true },
      ]),
    );
  // Tokens that were fetched before → what each token then gives.
  const table: readonly [before: number[], expected: Record<number, string>][] = [
    [[], { [-1]: "0, but found -1", 0: data("a", "b"), 1: "0, but found 1" }],
    [[0], { 0: data("a", "b"), 1: data("c"), 2: "1 or 0, but found 2" }],
    [[0, 0, 1], { 0: "2 or 1, but found 0", 1: data("c"), 2: "END", 3: "2 or 1, but found 3" }],
    [[0, 1, 2], { 1: data("c"), 2: "END", 3: "2 or 1, but found 3", 0: "2 or 1, but found 0" }],
    [[0, 1, 2, 2, 1], { 2: "END", 1: data("c") }],
  ];
  for (const [before, expected] of table) {
    test.each(Object.entries(expected))(
      `after ${before.join(",") || "nothing"}: token %s`,
      async (token, wanted) => {
        const fetcher = made();
        for (const earlier of before) await fetch(fetcher, earlier);
        const page = fetch(fetcher, Number(token));
        if (wanted.includes("but found")) {
          const error: unknown = await page.catch((thrown: unknown) => thrown);
          expect((error as GatewayError).flink?.text).toBe(`Expecting token to be ${wanted}.`);
          return;
        }
        const got = await page;
        expect(got.end ? "END" : got.data).toBe(wanted);
        expect(got.columns).toContain('"name":"c"');
      },
    );
  }
});

describe("other results", () => {
  test("a query without rows ends at token 0", async () => {
    const fetcher = query(new ListedRows([{ rows: [], done: true }]));
    expect(await fetch(fetcher, 0)).toMatchObject({ end: true, data: "" });
    expect(await fetch(fetcher, 0)).toMatchObject({ end: true });
  });

  test("nothing within the wait is an empty page, and the token moves on", async () => {
    const fetcher = query(
      new ListedRows([
        { rows: [], done: false },
        { rows: rows("a"), done: true },
      ]),
    );
    expect(await fetch(fetcher, 0)).toMatchObject({ end: false, data: "", nextToken: 1 });
    expect(await fetch(fetcher, 1)).toMatchObject({ data: data("a"), nextToken: 2 });
  });

  test("a failure after rows is told at its token, the page before it stays", async () => {
    const failure = new GatewayError("GW-POSTGRES", "division by zero");
    const fetcher = query(new ListedRows([{ rows: rows("a"), done: false }, failure, failure]));
    await fetch(fetcher, 0);
    await expect(fetch(fetcher, 1)).rejects.toBe(failure);
    expect(await fetch(fetcher, 0)).toMatchObject({ data: data("a") });
    await expect(fetch(fetcher, 1)).rejects.toBe(failure);
  });

  test("two requests for one token at a time give the same page", async () => {
    const fetcher = query(new ListedRows([{ rows: rows("a"), done: false }]));
    const [one, two] = await Promise.all([fetch(fetcher, 0), fetch(fetcher, 0)]);
    expect(two).toEqual(one);
  });

  test("a fixed result is one page however large, in both formats, then the end", async () => {
    const many = Array.from({ length: 7_000 }, (_, k) => [String(k), { a: "b" }] as const);
    const fixed = tableResult(
      [
        column("n"),
        column("m", { type: "MAP", nullable: true, keyType: stringType, valueType: stringType }),
      ],
      many,
    );
    const fetcher = new ResultFetcher(fixed, "UTC", systemClock);
    const page = await fetch(fetcher, 0);
    expect(page.data.split('"kind"')).toHaveLength(7_001);
    expect(page.data.startsWith('{"kind":"INSERT","fields":["0",{"a":"b"}]}')).toBe(true);
    expect((await fetch(fetcher, 0, "PLAIN_TEXT")).data).toContain('"fields":["0","{a=b}"]');
    expect(await fetch(fetcher, 1)).toMatchObject({ end: true, isQuery: false, jobId: null });
    await expect(fetch(fetcher, 2)).rejects.toThrow("unexpected token 2");
  });

  test("close closes the source", async () => {
    const source = new ListedRows([]);
    await query(source).close();
    expect(source.closed).toBe(1);
  });
});
