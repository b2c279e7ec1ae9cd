// Transcript 02: each FRESHNESS literal in FULL mode, and what became of it: legal (and how SHOW
// CREATE prints it), or the message. Tables are made strict, so that Flink's limits hold.

import { readFileSync } from "node:fs";
import { AnswerError, type RestClient } from "../sql/rest-client.ts";
import { type Difference, sentence } from "./replay.ts";

interface Literal {
  readonly line: number;
  readonly text: string;
  /** `INTERVAL '1' DAY` as printed; null if it is refused. */
  readonly printed: string | null;
  readonly message: string;
}

const fixture = "02-freshness-full-cron";

/** Literals of the transcript with their outcome. */
export function readLiterals(): Literal[] {
  const text = readFileSync(new URL(`fixtures/${fixture}.txt`, import.meta.url), "utf8");
  return text.split("\n").flatMap((line, index) => {
    const [, literal, outcome] = /^(INTERVAL .*?|123|'1' DAY)\s*\| ?(.*)$/.exec(line) ?? [];
    if (literal === undefined || outcome === undefined) return [];
    const printed = /SHOW CREATE: FRESHNESS = (.*)$/.exec(outcome)?.[1] ?? null;
    const message = outcome.replace(/^ERROR [\w.]+: /, "");
    return [{ line: index + 1, text: literal, printed, message }];
  });
}

/** Each literal in an EXPLAIN of its CREATE, which checks the same and writes nothing. */
export async function replayFreshness(client: RestClient): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const literal of readLiterals()) {
    const statement =
      `EXPLAIN CREATE MATERIALIZED TABLE f WITH ('flink-strict'='true') FRESHNESS = ${literal.text} ` +
      "REFRESH_MODE = FULL AS SELECT 1 AS a";
    const found = await outcomeOf(client, statement);
    const same =
      found.printed === literal.printed &&
      (found.printed !== null || sentence(found.message) === withoutPlace(literal.message));
    if (same) continue;
    differences.push({
      key: `${fixture}:${literal.line}`,
      what: (found.printed === null) === (literal.printed === null) ? "message" : "outcome",
      statement: literal.text,
      flink: literal.printed ?? literal.message,
      sluice: found.printed ?? found.message,
    });
  }
  return differences;
}

/** Places in the text differ, because the statement does. */
function withoutPlace(message: string): string {
  return sentence(message).replace(/;? at line 1, column \d+\.?$/, "");
}

async function outcomeOf(
  client: RestClient,
  statement: string,
): Promise<{ readonly printed: string | null; readonly message: string }> {
  try {
    const plan = await client.execute("freshness", statement);
    const text = String(plan.rows[0]?.[0]);
    return { printed: /^ *freshness: (.*), time zone/m.exec(text)?.[1] ?? text, message: "" };
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    return { printed: null, message: withoutPlace(error.innermost.replace(/^[\w.]+: /, "")) };
  }
}
