// The class of a statement of PostgreSQL's, judged by words alone, is that of PostgreSQL's own
// grammar.

import fc from "fast-check";
import { loadModule, type Node, parseSync } from "libpg-query";
import { beforeAll, expect, test } from "vitest";
import { type Classification, classify } from "../../src/parser/classify.ts";

beforeAll(loadModule);

const names = fc.constantFrom(
  "a",
  '"with"',
  "insert",
  "update",
  "values",
  "returning_",
  "x.y",
  "é",
);
const selects = fc.constantFrom(
  "SELECT 1",
  "SELECT (SELECT 2) AS into, b FROM c WHERE d IN (TABLE e)",
  "SELECT a INTO b FROM c",
  "VALUES (1), (2)",
  "TABLE t",
  "(SELECT 1) UNION ALL (SELECT 2) ORDER BY 1",
  "SELECT 'RETURNING' -- RETURNING\n, $$INTO$$",
);
const changes = fc.constantFrom(
  "INSERT INTO t (a, b) VALUES (1, (SELECT 2))",
  "INSERT INTO t SELECT x AS returning FROM x ON CONFLICT DO NOTHING",
  "UPDATE t SET a = (SELECT 1)",
  "DELETE FROM t USING u WHERE true",
);
const returning = fc.constantFrom("", " RETURNING *", " returning a AS b");
const change = fc.tuple(changes, returning).map((parts) => parts.join(""));
const body = fc.oneof(
  { weight: 3, arbitrary: selects.filter((text) => !text.includes("INTO b")) },
  { weight: 1, arbitrary: change },
  { weight: 1, arbitrary: change.map((text) => `WITH q AS (SELECT 1) ${text}`) },
);
const part = fc
  .tuple(
    names,
    fc.constantFrom("", " (insert, delete)"),
    fc.constantFrom("", " MATERIALIZED"),
    body,
  )
  .map(([name, columns, how, text]) => `${name.replace("x.y", "z")}${columns} AS${how} (${text})`);
const withParts = fc
  .tuple(
    fc.constantFrom("WITH ", "WITH RECURSIVE "),
    fc.array(part, { minLength: 1, maxLength: 3 }),
  )
  .map(([head, parts]) => `${head}${parts.join(", ")} `);
const others = fc.constantFrom("CALL f(1)", "BEGIN", "CREATE TABLE t AS SELECT 1", "SHOW work_mem");
const statements = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(withParts, fc.oneof(selects, change)).map((parts) => parts.join("")),
  },
  { weight: 1, arbitrary: selects },
  { weight: 1, arbitrary: change },
  { weight: 1, arbitrary: others },
);

/** The class by PostgreSQL's tree; null if it refuses the text. */
function judge(text: string): Classification | null {
  let node: Node | undefined;
  try {
    node = parseSync(text).stmts?.[0]?.stmt;
  } catch {
    return null;
  }
  if (node === undefined) return null;
  const tree = JSON.stringify(node);
  const [kind = "", statement = {}] = Object.entries(node)[0] ?? [];
  const own = statement as Readonly<Record<string, unknown>>;
  if (/^(Insert|Update|Delete|Merge)Stmt$/.test(kind)) {
    const returns = own.returningList !== undefined || own.returningClause !== undefined;
    return { statementClass: "dml", returning: returns };
  }
  if (kind !== "SelectStmt") return { statementClass: "other", returning: false };
  if (own.intoClause !== undefined) return { statementClass: "other", returning: false };
  const changesSomething = /"(Insert|Update|Delete|Merge)Stmt"/.test(tree);
  return changesSomething
    ? { statementClass: "dml", returning: true }
    : { statementClass: "query", returning: false };
}

test("on statements at random", () => {
  let judged = 0;
  fc.assert(
    fc.property(statements, (text) => {
      const expected = judge(text);
      if (expected === null) return;
      judged += 1;
      expect([text, classify(text)]).toEqual([text, expected]);
    }),
    { numRuns: 2000 },
  );
  expect(judged).toBeGreaterThan(1000);
});
