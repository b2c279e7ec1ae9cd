// Transcripts of a real Flink 2.3.0 (fixtures/*.txt): text → the statements that were sent and what
// came back. Only SQL statements are read; calls of REST endpoints and remarks are left out.

/** What came back: a table of texts, or the innermost cause of an error. */
export type Outcome =
  | {
      readonly kind: "rows";
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: "error"; readonly class: string; readonly message: string };

export interface Exchange {
  /** Line of the fixture, from 1. */
  readonly line: number;
  readonly statement: string;
  readonly outcome: Outcome;
  /** The table `e` that it made was dropped before the next statement. */
  readonly droppedAgain: boolean;
}

/** The exchanges of a transcript in order. */
export function readTranscript(text: string): Exchange[] {
  const lines = text.split("\n");
  const exchanges: Exchange[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (!line.startsWith("> ") || /^> (POST|GET|DELETE) /.test(line)) {
      at += 1;
      continue;
    }
    const statement = [line.slice(2)];
    let next = at + 1;
    while (!(statement.at(-1) ?? "").endsWith(";")) statement.push(lines[next++] ?? "");
    const end = blockEnd(lines, next);
    exchanges.push({
      line: at + 1,
      statement: statement.join("\n").replace(/;$/, ""),
      outcome: readOutcome(lines.slice(next, end)),
      droppedAgain: lines.slice(end, end + 2).includes("-- (dropped again)"),
    });
    at = end;
  }
  return exchanges;
}

/** A block ends before the next statement or remark; error texts may hold blank lines. */
function blockEnd(lines: readonly string[], start: number): number {
  let at = start;
  while (at < lines.length && !/^(> |-- )/.test(lines[at] ?? "")) at += 1;
  return at;
}

function readOutcome(block: readonly string[]): Outcome {
  if (block[0]?.startsWith("ERROR") === true) return readError(block.slice(1).join("\n"));
  const [header = "", ...rest] = block;
  const columns = header.split(" | ").map((name) => name.trim());
  const end = rest.findIndex((line) => /^\(\d+ rows?\)$/.test(line));
  const body = rest.slice(1, end);
  if (columns.length === 1) {
    const single = rest[end] === "(1 row)" ? [body.join("\n")] : body;
    return { kind: "rows", columns, rows: single.map((cell) => [cell.trimEnd()]) };
  }
  const rows = body.map((line) => line.split(" | ").map((cell) => cell.trim()));
  return { kind: "rows", columns, rows };
}

/**
 * The innermost cause; for syntax errors the repeated causes below SqlParserException are not in
 * the fixtures.
 */
export function readError(text: string): Extract<Outcome, { kind: "error" }> {
  const innermost = text.split(/^Caused by: /m).at(-1) ?? "";
  const [, name = "", message = ""] = /^([\w.$]+): ?([^]*)$/.exec(innermost.trim()) ?? [];
  return { kind: "error", class: name, message: message.trim() };
}
