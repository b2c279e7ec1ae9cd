// Replays one transcript against a gateway: statements rewritten where only Flink knows them, names
// of catalogs mapped, what came back compared with what Flink said. Columns, rows, outcome, and the
// innermost message where it is Flink's.

import { readFileSync } from "node:fs";
import { sql, trusted } from "../../src/common/sql.ts";
import { settle } from "../sql/settle.ts";
import { AnswerError, RestClient, type StatementAnswer } from "../sql/rest-client.ts";
import type { TestDatabase } from "../support/database.ts";
import type { TestGateway } from "../support/gateway.ts";
import { type Exchange, type Outcome, readError, readTranscript } from "./transcript.ts";

/** How an answer differs from Flink's; null: not at all. */
export interface Difference {
  readonly key: string;
  readonly what: "outcome" | "columns" | "rows" | "message";
  readonly statement: string;
  readonly flink: string;
  readonly sluice: string;
}

export interface ReplayNotes {
  /** Statement to send instead, by `fixture:line`. */
  readonly rewritten: Readonly<Record<string, string>>;
  /** Exchanges that mean nothing here, with the reason. */
  readonly omitted: Readonly<Record<string, string>>;
  /** What was done between two exchanges of the transcript without being printed there. */
  readonly before: Readonly<Record<string, readonly string[]>>;
}

/** Where a transcript was recorded: names that its texts use. */
interface Place {
  readonly catalog: string;
  readonly database: string;
}

const orders = `
  CREATE SCHEMA db;
  CREATE TABLE db.orders (order_id bigint, user_id bigint, shop text, amount int, ds text, hh text);
  INSERT INTO db.orders VALUES
    (1, 1, 'a', 100, '2026-11-20', '00'), (2, 2, 'b', 50, '2026-11-20', '01'),
    (3, 1, 'a', 70, '2026-11-21', '00'), (4, 3, 'c', 30, '2026-11-21', '05'),
    (5, 2, 'a', 20, '2026-11-22', '03');`;

/** All differences of one fixture, in its order. */
export async function replay(
  fixture: string,
  place: Place,
  notes: ReplayNotes,
  on: { readonly database: TestDatabase; readonly gateway: TestGateway },
): Promise<Difference[]> {
  const text = readFileSync(new URL(`fixtures/${fixture}.txt`, import.meta.url), "utf8");
  const { database, gateway } = on;
  await database.setClock("2026-11-22 12:00:00Z");
  await prepare(database, place);
  const client = new RestClient(gateway.url);
  await client.execute("replay", `USE ${place.database}`);
  const differences: Difference[] = [];
  for (const exchange of readTranscript(text)) {
    const key = `${fixture}:${exchange.line}`;
    for (const statement of notes.before[key] ?? []) {
      await outcomeOf(client, toOurs(statement, place, database.name), place, database.name);
    }
    await settle(database, "");
    if (key in notes.omitted) continue;
    const sent = toOurs(notes.rewritten[key] ?? exchange.statement, place, database.name);
    const answer = await outcomeOf(client, sent, place, database.name);
    await settle(database, "");
    const difference = compare(key, exchange, answer);
    if (difference !== null) differences.push(difference);
    if (exchange.droppedAgain)
      await client.execute("replay", "DROP MATERIALIZED TABLE IF EXISTS e");
  }
  return differences;
}

async function prepare(database: TestDatabase, place: Place): Promise<void> {
  for (const statement of orders.split(";\n")) {
    if (statement.trim() !== "") await database.query(sql`${trusted(statement)}`);
  }
  if (place.database !== "db") await database.query(`CREATE SCHEMA ${place.database}`);
}

function toOurs(statement: string, place: Place, catalog: string): string {
  return statement
    .replaceAll(/\bmt\.db\./g, `${catalog}.db.`)
    .replaceAll("`mt`", `\`${catalog}\``)
    .replaceAll(`${place.catalog}.${place.database}`, `${catalog}.${place.database}`);
}

async function outcomeOf(
  client: RestClient,
  statement: string,
  place: Place,
  catalog: string,
): Promise<Outcome> {
  const flinkNames = (text: string) => text.replaceAll(catalog, place.catalog);
  try {
    const answer = await client.execute("replay", statement);
    return rowsOf(answer, flinkNames);
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    return readError(`Caused by: ${flinkNames(error.innermost)}`);
  }
}

function rowsOf(answer: StatementAnswer, flinkNames: (text: string) => string): Outcome {
  return {
    kind: "rows",
    columns: answer.columns.map(({ name }) => name),
    rows: answer.rows.map((row) =>
      row.map((value) => (value === null ? "NULL" : flinkNames(String(value)).trimEnd())),
    ),
  };
}

function compare(key: string, exchange: Exchange, ours: Outcome): Difference | null {
  const flink = exchange.outcome;
  const difference = (what: Difference["what"]): Difference => ({
    key,
    what,
    statement: exchange.statement,
    flink: brief(flink),
    sluice: brief(ours),
  });
  if (flink.kind === "error" && ours.kind === "error") {
    return sentence(flink.message) === sentence(ours.message) ? null : difference("message");
  }
  if (flink.kind === "error" || ours.kind === "error") return difference("outcome");
  if (flink.columns.join() !== ours.columns.join()) return difference("columns");
  const same = flink.rows.map(comparable).join("\n") === ours.rows.map(comparable).join("\n");
  return same ? null : difference("rows");
}

/**
 * Ids differ by nature, and so does where a job runs; the types of DESCRIBE are compared by name.
 */
function comparable(row: readonly string[]): string {
  return row
    .map((cell) => cell.replace(/^(?:<job-\d+>|[0-9a-f]{32})$/, "<job>"))
    .map((cell) => (cell.includes("execution.target") ? "<cluster>" : cell))
    .map((cell) => cell.replace(/^(TRUE|FALSE)$/, (word) => word.toLowerCase()))
    .join(" | ");
}

/**
 * A message without the list of expected tokens, which is the grammar's own, and without the
 * parser's prefix.
 */
export function sentence(message: string): string {
  return message
    .replace("[default_catalog, mt]", "[mt]")
    .replace(/^SQL parse failed\. /, "")
    .replace(/\s*Was expecting[^]*$/, "")
    .trim();
}

function brief(outcome: Outcome): string {
  if (outcome.kind === "error") return `${outcome.class}: ${outcome.message}`.slice(0, 400);
  return [outcome.columns.join(" | "), ...outcome.rows.map(comparable)].join("\n").slice(0, 400);
}
