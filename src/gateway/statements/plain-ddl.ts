// DROP TABLE, ALTER TABLE and TRUNCATE, read by PostgreSQL's own grammar: which tables they are
// about. Only texts whose first words are these are read at all, so that the passage of queries
// costs nothing here.

import { loadModule, parseSync } from "libpg-query";

export interface PlainDdl {
  readonly verb: "DROP TABLE" | "ALTER TABLE" | "TRUNCATE TABLE";
  readonly ifExists: boolean;
  /** As PostgreSQL folds them; `database` null: unqualified. */
  readonly targets: readonly { readonly database: string | null; readonly name: string }[];
}

const blank = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/)`;
const firstWords = new RegExp(`^${blank}*(?:drop|alter|truncate)${blank}`, "i");

/**
 * Null if the text is none of these, or is none that PostgreSQL's grammar knows (the server will
 * say so).
 */
export async function readPlainDdl(text: string): Promise<PlainDdl | null> {
  if (!firstWords.test(text)) return null;
  await loadModule();
  const statement = parsed(text);
  if (statement === null) return null;
  const [kind, node] = Object.entries(statement)[0] ?? ["", {}];
  return readNode(kind, node as Node);
}

type Node = Readonly<Record<string, unknown>>;

function parsed(text: string): Node | null {
  try {
    return (parseSync(text).stmts?.[0]?.stmt as Node | undefined) ?? null;
  } catch {
    // Not PostgreSQL's grammar: the server answers with its own words and position.
    return null;
  }
}

function readNode(kind: string, node: Node): PlainDdl | null {
  switch (kind) {
    case "DropStmt":
      if (node["removeType"] !== "OBJECT_TABLE") return null;
      return {
        verb: "DROP TABLE",
        ifExists: node["missing_ok"] === true,
        targets: ((node["objects"] ?? []) as Node[]).map(listTarget),
      };
    case "AlterTableStmt":
      if (node["objtype"] !== "OBJECT_TABLE") return null;
      return alterOf(node);
    case "RenameStmt":
      if (node["renameType"] !== "OBJECT_TABLE" && node["relationType"] !== "OBJECT_TABLE")
        return null;
      return alterOf(node);
    case "AlterObjectSchemaStmt":
      return node["objectType"] === "OBJECT_TABLE" ? alterOf(node) : null;
    case "TruncateStmt":
      return {
        verb: "TRUNCATE TABLE",
        ifExists: false,
        targets: ((node["relations"] ?? []) as Node[]).map((one) =>
          rangeTarget(one["RangeVar"] as Node),
        ),
      };
    default:
      return null;
  }
}

function alterOf(node: Node): PlainDdl | null {
  const relation = node["relation"] as Node | undefined;
  if (relation === undefined) return null;
  return {
    verb: "ALTER TABLE",
    ifExists: node["missing_ok"] === true,
    targets: [rangeTarget(relation)],
  };
}

function rangeTarget(relation: Node) {
  return {
    database: (relation["schemaname"] as string | undefined) ?? null,
    name: String(relation["relname"]),
  };
}

function listTarget(object: Node) {
  const items = ((object["List"] as Node | undefined)?.["items"] ?? []) as Node[];
  const parts = items.map((item) => String((item["String"] as Node | undefined)?.["sval"]));
  const [name = "", database = null] = parts.toReversed();
  return { database, name };
}
