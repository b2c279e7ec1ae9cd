// PostgreSQL's own parse tree (libpg-query) and the few ways in which we look at it. The grammar is
// that of PostgreSQL 18; the server, which may be older, has the last word on every text.

import { hasSqlDetails, loadModule, type Node, parseSync, type SelectStmt } from "libpg-query";

/** A parsed statement; `select` is null for everything that is not a query. */
export interface ParsedQuery {
  readonly statements: number;
  readonly select: SelectStmt | null;
  /** Name of the statement's node, e.g. `InsertStmt`. */
  readonly kind: string;
}

/** Why a text cannot be parsed; `position` is a zero-based offset in code points. */
export interface ParseFailure {
  readonly message: string;
  readonly position: number;
}

/**
 * Loads the parser (once, about 50 ms) and parses. Returns the failure as a value: the caller knows
 * whose text it is.
 */
export async function parseQuery(text: string): Promise<ParsedQuery | ParseFailure> {
  await loadModule();
  if (text.trim() === "") return { message: "the query is empty", position: 0 };
  try {
    return parsed(text);
  } catch (error) {
    if (!hasSqlDetails(error)) throw error;
    return { message: error.message, position: error.sqlDetails?.cursorPosition ?? 0 };
  }
}

/**
 * Parses canonical text; the parser must have been loaded by parseQuery before. Null if it is no
 * query.
 */
export function parseCanonical(text: string): SelectStmt | null {
  try {
    return parsed(text).select;
  } catch (error) {
    if (hasSqlDetails(error)) return null;
    throw error;
  }
}

function parsed(text: string): ParsedQuery {
  const statements = parseSync(text).stmts ?? [];
  const node = statements[0]?.stmt;
  const kind = node ? (Object.keys(node)[0] ?? "") : "";
  const select = node && "SelectStmt" in node ? node.SelectStmt : null;
  return { statements: statements.length, select, kind };
}

/**
 * Calls `visit` with the name and the fields of every node below `value`, outer ones first; `false`
 * skips the inside.
 */
export function walk(
  value: unknown,
  visit: (kind: string, fields: Readonly<Record<string, unknown>>) => boolean | void,
): void {
  if (Array.isArray(value)) {
    for (const each of value) walk(each, visit);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner !== "object" || inner === null) continue;
    if (isNodeName(key) && !Array.isArray(inner)) {
      if (visit(key, inner as Record<string, unknown>) === false) continue;
    }
    walk(inner, visit);
  }
}

/** Fields are lower case (`larg`, `typeName`); names of nodes begin with a capital letter. */
function isNodeName(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 65 && first <= 90;
}

/** True if a node of one of the kinds is at or below `value`. */
export function contains(value: unknown, ...kinds: readonly string[]): boolean {
  let found = false;
  walk(value, (kind) => {
    if (kinds.includes(kind)) found = true;
    return !found;
  });
  return found;
}

/** A text that is equal for trees that are equal but for places. */
export function shapeOf(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (key === "location") return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([x], [y]) => (x < y ? -1 : 1)));
  });
}

/** The parts of a list of String nodes; null if there is anything else, a star for instance. */
export function namesOf(nodes: readonly Node[] | undefined): string[] | null {
  const names: string[] = [];
  for (const node of nodes ?? []) {
    if (!("String" in node)) return null;
    names.push(node.String.sval ?? "");
  }
  return names;
}

/** The text of a constant `'…'`, also with a cast to text around it; else null. */
export function textConstant(node: Node | undefined): string | null {
  if (!node) return null;
  if ("TypeCast" in node) {
    return typeOf(node.TypeCast.typeName?.names) === "text"
      ? textConstant(node.TypeCast.arg)
      : null;
  }
  return "A_Const" in node ? (node.A_Const.sval?.sval ?? null) : null;
}

/** A type's name without pg_catalog, as written: `timestamptz`, `date`, `shop.mood`. */
export function typeOf(names: readonly Node[] | undefined): string | null {
  const parts = namesOf(names);
  if (!parts) return null;
  return (parts[0] === "pg_catalog" ? parts.slice(1) : parts).join(".");
}
