// The text of an EXECUTE task or of a condition: exactly one statement of PostgreSQL's that means
// something in a transaction of its own. References to variables are replaced by something that
// may stand in their place, and PostgreSQL's own grammar reads the rest; the server has the last
// word when the task runs.

import { GatewayError } from "../common/gateway-error.ts";
import { type ParsedQuery, parseQuery } from "../query/ast.ts";
import { scanSql, type SqlPiece } from "../scheduler/variables/scan-sql.ts";
import { type Piece, referenceStart } from "../scheduler/variables/references.ts";

/** Statements that leave nothing behind but state of a connection, which ends with the task. */
const sessionStatements: ReadonlySet<string> = new Set([
  "VariableSetStmt",
  "VariableShowStmt",
  "DiscardStmt",
  "ListenStmt",
  "UnlistenStmt",
  "PrepareStmt",
  "DeallocateStmt",
  "DeclareCursorStmt",
  "FetchStmt",
  "ClosePortalStmt",
]);

/** Throws WF-STATEMENT. The variables have been checked before. */
export async function checkExecuteText(text: string): Promise<void> {
  const { kind } = await oneStatement(text, "the text of EXECUTE");
  if (kind === "TransactionStmt") {
    throw refusal("a task cannot begin or end a transaction", {
      hint: "A task's statement has a transaction of its own.",
    });
  }
  if (sessionStatements.has(kind)) {
    throw refusal("a task cannot run a statement that only changes its session", {
      detail: "What it changes would end with the task.",
    });
  }
  if (kind === "CopyStmt" && /\b(from\s+stdin|to\s+stdout)\b/i.test(text)) {
    throw refusal("a task cannot copy from or to a client", { detail: "It has no client." });
  }
}

/** A condition is a query. Throws WF-STATEMENT. */
export async function checkConditionText(text: string): Promise<void> {
  const { select } = await oneStatement(text, "the condition of a task");
  if (select === null) throw refusal("the condition of a task is not a query");
}

async function oneStatement(text: string, what: string): Promise<ParsedQuery> {
  if (text.trim() === "") throw refusal(`${what} is empty`);
  const parsed = await parseQuery(text.includes(referenceStart) ? sampleOf(scanSql(text)) : text);
  if ("message" in parsed) {
    throw refusal(`${what} is not a statement of PostgreSQL`, {
      detail: `PostgreSQL's grammar says: ${parsed.message}.`,
      hint: "Materialized tables are refreshed by REFRESH tasks.",
    });
  }
  if (parsed.statements === 0) throw refusal(`${what} is empty`);
  if (parsed.statements !== 1) {
    throw refusal(`${what} has ${parsed.statements} statements`, {
      hint: "Make a task of each, one AFTER the other.",
    });
  }
  return parsed;
}

function refusal(
  message: string,
  parts: { readonly detail?: string; readonly hint?: string } = {},
): GatewayError {
  return new GatewayError("WF-STATEMENT", message, parts);
}

/** The statement with something harmless in place of each reference. */
function sampleOf(pieces: readonly SqlPiece[]): string {
  return pieces.map(samplePiece).join("");
}

function samplePiece(piece: SqlPiece): string {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "code":
      return sampleOf(piece.pieces);
    case "string":
    case "name":
    case "dollar":
      return filled(piece.parts, "0");
    case "run": {
      // A reference alone can only be a number; beside other characters it is part of a word.
      const alone = piece.parts.length === 1 || /^\d/.test(textOf(piece.parts[0]));
      return filled(piece.parts, alone ? "0" : "x");
    }
  }
}

function filled(parts: readonly Piece[], filling: string): string {
  return parts.map((part) => (part.kind === "text" ? part.text : filling)).join("");
}

function textOf(part: Piece | undefined): string {
  return part?.kind === "text" ? part.text : "";
}
