// Whose statement is it? The closed table that decides between Sluice and PostgreSQL; the
// documentation prints it. A text is ours if its first words match a row; everything else goes to
// PostgreSQL verbatim. SET and RESET look at the key as well (setting-key.ts).

import { Lexer } from "./lexer.ts";
import { isOptionKey, readSetting } from "./setting-key.ts";

export interface OwnerRow {
  /**
   * First words: `[A B]` may be left out, `A|B` is either, `!A` anything else, `name` any word or
   * quoted name, `string` a string, `end` the end of the statement.
   */
  readonly words: string;
  /** One sentence for the documentation. */
  readonly meaning: string;
}

export const ourStatements: readonly OwnerRow[] = [
  {
    words: "CREATE [OR ALTER|REPLACE] [TEMPORARY] MATERIALIZED !VIEW",
    meaning: "Declares a materialized table; PostgreSQL keeps CREATE MATERIALIZED VIEW.",
  },
  {
    words: "ALTER MATERIALIZED !VIEW",
    meaning: "Everything that changes, refreshes or backfills a materialized table.",
  },
  { words: "DROP [TEMPORARY] MATERIALIZED !VIEW", meaning: "Drops a materialized table." },
  { words: "CREATE OR ALTER", meaning: "Declares a materialized table or a workflow." },
  { words: "CREATE|ALTER|DROP WORKFLOW", meaning: "Workflows of tasks." },
  { words: "EXECUTE WORKFLOW name", meaning: "Starts an instance of a workflow." },
  { words: "CREATE|ALTER|DROP QUEUE", meaning: "Queues limit what runs at the same time." },
  { words: "BACKFILL", meaning: "Runs a workflow for a range of the past." },
  { words: "ALTER BACKFILL", meaning: "Pauses, resumes, cancels or retries a backfill." },
  { words: "CREATE|ALTER|DROP DATABASE", meaning: "A database is a schema of PostgreSQL." },
  { words: "CREATE|ALTER|DROP CATALOG", meaning: "A catalog is a database of PostgreSQL." },
  { words: "USE", meaning: "Changes the current catalog or database of the session." },
  {
    words:
      "SHOW CATALOGS|DATABASES|TABLES|VIEWS|FUNCTIONS|PROCEDURES|COLUMNS|CREATE|PARTITIONS|JOBS|JARS|MODULES|REFRESHES|WORKFLOWS|BACKFILLS|QUEUES",
    meaning: "Lists what exists; SHOW of a setting stays PostgreSQL's.",
  },
  { words: "SHOW MATERIALIZED", meaning: "Lists the materialized tables." },
  { words: "SHOW USER FUNCTIONS", meaning: "Lists the functions that users made." },
  { words: "SHOW FULL MODULES", meaning: "Lists the modules." },
  { words: "SHOW CURRENT CATALOG|DATABASE", meaning: "Prints where the session is." },
  { words: "SHOW WORKFLOW|TASK INSTANCES", meaning: "Lists runs of workflows and their tasks." },
  { words: "DESCRIBE|DESC", meaning: "Describes a table, job, catalog, database or function." },
  { words: "EXPLAIN", meaning: "Prints a plan; of a query PostgreSQL's, as one row." },
  { words: "STOP JOB", meaning: "Cancels a running refresh." },
];

/**
 * The row of a table that the first words of a statement match, in the table's order; undefined if
 * none does.
 */
export function findRow<Row extends { readonly words: string }>(
  table: RowIndex<Row>,
  head: readonly string[],
): Row | undefined {
  const rows = table.get(head[0] ?? "") ?? [];
  return rows.find(({ groups }) => matchFrom(groups, 0, head, 0))?.row;
}

/** Rows by their first word. */
export type RowIndex<Row> = ReadonlyMap<
  string,
  readonly { readonly row: Row; readonly groups: readonly Group[] }[]
>;

/** Prepares a table for `findRow`. */
export function indexRows<Row extends { readonly words: string }>(
  rows: readonly Row[],
): RowIndex<Row> {
  const index = new Map<string, { row: Row; groups: readonly Group[] }[]>();
  for (const row of rows) {
    const groups = readGroups(row.words);
    for (const word of groups[0]?.[0]?.words ?? []) {
      const list = index.get(word) ?? [];
      list.push({ row, groups });
      index.set(word, list);
    }
  }
  return index;
}

const longestHead = 8;

/**
 * The first words of a statement: in capitals; `"` for a quoted name, `'` for a string, symbols as
 * they are.
 */
export function readHead(text: string, start: number, end: number): readonly string[] {
  const lexer = new Lexer(text, start);
  const head: string[] = [];
  while (head.length < longestHead && lexer.advanceToToken() && lexer.start < end) {
    if (lexer.kind === "word") head.push(lexer.image.slice(0, 32).toUpperCase());
    else if (lexer.kind === "string") head.push("'");
    else if (lexer.kind === "symbol") head.push(lexer.image);
    else head.push(lexer.kind === "number" || lexer.kind === "parameter" ? "0" : '"');
  }
  return head;
}

const ourRows = indexRows(ourStatements);

/** Whether the statement between two offsets is ours. */
export function isOurs(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  head: readonly string[],
): boolean {
  if (head[0] !== "SET" && head[0] !== "RESET") return findRow(ourRows, head) !== undefined;
  if (head[1] === undefined || head[1] === "'") return true;
  const setting = readSetting(text, start + head[0].length, end);
  return setting !== null && isOptionKey(text.slice(setting.key.start, setting.key.end));
}

interface HeadPart {
  readonly words: readonly string[];
  /** Any word but these. */
  readonly negated: boolean;
  /** Its whole group may be left out. */
  readonly optional: boolean;
}

/** Parts that are there together. */
type Group = readonly HeadPart[];

function readGroups(words: string): readonly Group[] {
  return (words.match(/\[[^\]]*\]|\S+/g) ?? []).map((group) => {
    const optional = group.startsWith("[");
    const parts = optional ? group.slice(1, -1).split(" ") : [group];
    return parts.map((part) => ({
      words: part.replace(/^!/, "").split("|"),
      negated: part.startsWith("!"),
      optional,
    }));
  });
}

function matchFrom(
  groups: readonly Group[],
  at: number,
  head: readonly string[],
  from: number,
): boolean {
  const group = groups[at];
  if (group === undefined) return true;
  const fits = group.every((part, index) => partMatches(part, head[from + index] ?? ""));
  if (fits && matchFrom(groups, at + 1, head, from + group.length)) return true;
  return group[0]?.optional === true && matchFrom(groups, at + 1, head, from);
}

function partMatches(part: HeadPart, word: string): boolean {
  return part.words.some((wanted) => wordMatches(wanted, word)) !== part.negated;
}

function wordMatches(wanted: string, word: string): boolean {
  switch (wanted) {
    case "end":
      return word === "";
    case "string":
      return word === "'";
    case "name":
      return /^["\p{L}_]/u.test(word);
    default:
      return wanted === word;
  }
}
