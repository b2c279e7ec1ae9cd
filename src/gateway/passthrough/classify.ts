// What kind of statement of PostgreSQL's a text is, and what state it leaves on its connection.
// Read off the syntax tree of PostgreSQL's own grammar. A text that this grammar does not know is
// left to the server, which has the last word.

import { loadModule, parseSync } from "libpg-query";

/** State that only one connection has. */
export type PinReason =
  | "transaction"
  | "temporary object"
  | "prepared statement"
  | "cursor"
  | "listen"
  | "advisory lock"
  | "setting"
  | "sequence"
  | "large object";

/** What a SET or RESET is about. */
export type SettingChange =
  | { readonly kind: "set" | "reset"; readonly name: string }
  | { readonly kind: "reset all" };

export interface StatementClass {
  /**
   * `dml`: answers the number of rows, unless RETURNING gives rows; `copy`: COPY with the client.
   */
  readonly kind: "query" | "dml" | "explain" | "set" | "copy" | "other";
  /** True for queries that the protocol calls so: SELECT, VALUES, TABLE, WITH, all without DML. */
  readonly isQuery: boolean;
  /** Settings that are to be remembered. */
  readonly settings: readonly SettingChange[];
  /** What makes a connection the session's own. */
  readonly pins: readonly PinReason[];
  /** What is gone after it succeeded. */
  readonly unpins: readonly PinReason[];
  /** True if it returns no rows, or so few that they need not be asked for in batches. */
  readonly isSmall: boolean;
  /** True for COMMIT and its kin: a lost connection leaves the outcome open. */
  readonly commits: boolean;
}

type Node = Readonly<Record<string, unknown>>;

const other: StatementClass = {
  kind: "other",
  isQuery: false,
  settings: [],
  pins: [],
  unpins: [],
  isSmall: false,
  commits: false,
};

/** Utility statements that may return any number of rows. */
const rowsOfAnyNumber = new Set(["ExecuteStmt", "FetchStmt", "CallStmt", "VariableShowStmt"]);
const fewRows = 64;

const remembered = new Map<string, StatementClass>();
const rememberedTexts = 2_000;
const longestRemembered = 4_000;

/** Loads the grammar; to be awaited once before the first `classify`. */
export function loadGrammar(): Promise<void> {
  return loadModule();
}

/** Classifies one statement; equal texts are looked up. */
export function classify(sql: string): StatementClass {
  const known = remembered.get(sql);
  if (known !== undefined) return known;
  const found = classifyTree(sql);
  if (sql.length <= longestRemembered) {
    if (remembered.size >= rememberedTexts) remembered.clear();
    remembered.set(sql, found);
  }
  return found;
}

function classifyTree(sql: string): StatementClass {
  const statement = parsed(sql);
  if (statement === null) return other;
  const [name, body] = Object.entries(statement)[0] ?? ["", {}];
  const node = body as Node;
  const calls = callPins(node);
  const found = classifyNode(name, node);
  return calls.size === 0 ? found : { ...found, pins: [...new Set([...found.pins, ...calls])] };
}

function parsed(sql: string): Node | null {
  try {
    return (parseSync(sql).stmts?.[0]?.stmt as Node | undefined) ?? null;
  } catch {
    // The server will say what is wrong, in its own version's words.
    return null;
  }
}

function classifyNode(name: string, node: Node): StatementClass {
  switch (name) {
    case "SelectStmt":
      return selectClass(node);
    case "InsertStmt":
    case "UpdateStmt":
    case "DeleteStmt":
    case "MergeStmt":
      return { ...other, kind: "dml", isSmall: isPlainDml(node) };
    case "ExplainStmt":
      return { ...other, kind: "explain" };
    case "CopyStmt":
      return node["filename"] === undefined ? { ...other, kind: "copy" } : other;
    case "VariableSetStmt":
      return { ...other, kind: "set", isSmall: true, settings: settingChanges(node) };
    case "TransactionStmt":
      return transactionClass(node);
    case "DiscardStmt":
      return discardClass(node);
    default:
      return { ...other, isSmall: !rowsOfAnyNumber.has(name), ...stateOf(name, node) };
  }
}

/** PostgreSQL 18's tree has RETURNING in a clause of its own. */
function isPlainDml(node: Node): boolean {
  return node["returningClause"] === undefined && node["returningList"] === undefined;
}

/**
 * LIMIT with a small number, VALUES, and SELECT without FROM, if no function can make rows of its
 * own.
 */
function isFewRows(node: Node, calls: boolean): boolean {
  if (node["op"] !== "SETOP_NONE") return false;
  const limit = (node["limitCount"] as Node | undefined)?.["A_Const"] as Node | undefined;
  const count = (limit?.["ival"] as Node | undefined)?.["ival"];
  if (typeof count === "number" && count <= fewRows)
    return node["limitOption"] === "LIMIT_OPTION_COUNT";
  if (calls) return false;
  const values = node["valuesLists"] as unknown[] | undefined;
  return values === undefined ? node["fromClause"] === undefined : values.length <= fewRows;
}

function selectClass(node: Node): StatementClass {
  const into = leftmost(node)["intoClause"] as Node | undefined;
  if (into !== undefined) {
    return { ...other, pins: isTemporary(into["rel"]) ? ["temporary object"] : [] };
  }
  const isQuery = !hasModifyingCte(node);
  const isSmall = isQuery && isFewRows(node, JSON.stringify(node).includes('"FuncCall"'));
  return { ...other, kind: "query", isQuery, isSmall };
}

/** INTO stands in the first branch of a UNION. */
function leftmost(node: Node): Node {
  let current = node;
  while (current["larg"] !== undefined) current = current["larg"] as Node;
  return current;
}

function hasModifyingCte(node: Node): boolean {
  const ctes = ((node["withClause"] as Node | undefined)?.["ctes"] ?? []) as Node[];
  return ctes.some((cte) => {
    const query = (cte["CommonTableExpr"] as Node | undefined)?.["ctequery"] as Node | undefined;
    return query !== undefined && !("SelectStmt" in query);
  });
}

function isTemporary(relation: unknown): boolean {
  return (relation as Node | undefined)?.["relpersistence"] === "t";
}

function transactionClass(node: Node): StatementClass {
  switch (node["kind"]) {
    case "TRANS_STMT_BEGIN":
    case "TRANS_STMT_START":
      return { ...other, pins: ["transaction"] };
    case "TRANS_STMT_COMMIT":
    case "TRANS_STMT_PREPARE":
    case "TRANS_STMT_COMMIT_PREPARED":
      return { ...other, commits: true };
    default:
      return other;
  }
}

function discardClass(node: Node): StatementClass {
  if (node["target"] === "DISCARD_TEMP") return { ...other, unpins: ["temporary object"] };
  if (node["target"] === "DISCARD_SEQUENCES") return { ...other, unpins: ["sequence"] };
  if (node["target"] !== "DISCARD_ALL") return other;
  const unpins: PinReason[] = [
    "temporary object",
    "prepared statement",
    "cursor",
    "listen",
    "advisory lock",
    "setting",
    "sequence",
  ];
  return { ...other, kind: "set", settings: [{ kind: "reset all" }], unpins };
}

/** The state that utility statements make and end. */
function stateOf(name: string, node: Node): Partial<StatementClass> {
  switch (name) {
    case "PrepareStmt":
      return { pins: ["prepared statement"] };
    case "DeallocateStmt":
      return node["name"] === undefined ? { unpins: ["prepared statement"] } : {};
    case "DeclareCursorStmt":
      return { pins: ["cursor"] };
    case "ClosePortalStmt":
      return node["portalname"] === undefined ? { unpins: ["cursor"] } : {};
    case "ListenStmt":
      return { pins: ["listen"] };
    case "UnlistenStmt":
      return node["conditionname"] === undefined ? { unpins: ["listen"] } : {};
    case "CreateStmt":
    case "CreateSeqStmt":
      return temporary(node[name === "CreateStmt" ? "relation" : "sequence"]);
    case "ViewStmt":
      return temporary(node["view"]);
    case "CreateTableAsStmt":
      return temporary((node["into"] as Node | undefined)?.["rel"]);
    default:
      return {};
  }
}

function temporary(relation: unknown): Partial<StatementClass> {
  const named = (relation as Node | undefined)?.["schemaname"];
  const isTemp = isTemporary(relation) || named === "pg_temp";
  return isTemp ? { pins: ["temporary object"] } : {};
}

function settingChanges(node: Node): readonly SettingChange[] {
  if (node["is_local"] === true) return [];
  const name = String(node["name"] ?? "").toLowerCase();
  switch (node["kind"]) {
    case "VAR_SET_VALUE":
    case "VAR_SET_CURRENT":
      return [{ kind: "set", name }];
    case "VAR_SET_DEFAULT":
    case "VAR_RESET":
      return [{ kind: "reset", name }];
    case "VAR_RESET_ALL":
      return [{ kind: "reset all" }];
    case "VAR_SET_MULTI":
      if (name !== "session characteristics") return [];
      return ["isolation", "read_only", "deferrable"].map((part) => ({
        kind: "set" as const,
        name: `default_transaction_${part}`,
      }));
    default:
      return [];
  }
}

const pinningCalls: readonly (readonly [pattern: RegExp, reason: PinReason])[] = [
  [/^pg_(try_)?advisory_(lock|unlock)/, "advisory lock"],
  [/^set_config$/, "setting"],
  [/^(currval|lastval|nextval|setval)$/, "sequence"],
  [/^(lo_|loread$|lowrite$)/, "large object"],
];

/** Reasons in the calls of functions anywhere in the tree. */
function callPins(root: Node): ReadonlySet<PinReason> {
  const found = new Set<PinReason>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== "object" || node === null) continue;
    if (Array.isArray(node)) {
      for (const item of node) open.push(item);
      continue;
    }
    const call = (node as Node)["FuncCall"] as Node | undefined;
    if (call !== undefined) addCall(call, found);
    for (const value of Object.values(node)) open.push(value);
  }
  return found;
}

function addCall(call: Node, found: Set<PinReason>): void {
  const parts = (call["funcname"] ?? []) as { readonly String?: { readonly sval?: string } }[];
  const name = (parts[parts.length - 1]?.String?.sval ?? "").toLowerCase();
  for (const [pattern, reason] of pinningCalls) {
    if (pattern.test(name)) found.add(reason);
  }
}
