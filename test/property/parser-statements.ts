// Statements at random, for the laws of the parser. Positions are 0: only what a statement says is
// compared.

import fc from "fast-check";
import type { LikeFilter } from "../../src/parser/ast/like.ts";
import {
  type IntervalLiteral,
  intervalUnits,
  type PartitionLiteral,
  type StartModeClause,
} from "../../src/parser/ast/literal.ts";
import type { Identifier, QualifiedName } from "../../src/parser/ast/name.ts";
import type { SchemaItem } from "../../src/parser/ast/schema-item.ts";
import type { SourceText } from "../../src/parser/ast/source-text.ts";
import type { Statement } from "../../src/parser/ast/statement.ts";
import { keywords } from "../../src/parser/grammar/tokens.ts";

/** Text that PostgreSQL can hold: no NUL, no lone surrogates. */
const text = fc
  .oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.constantFrom("'", "''", "--", "/*", ";", "`", '"', "$$", "\\", "\n", "a = b"),
  )
  .filter((value) => !/[\0\p{Cs}]/u.test(value));

const name = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...keywords, ...keywords.map((word) => word.toLowerCase())),
  },
  { weight: 1, arbitrary: text.filter((value) => value !== "" && Buffer.byteLength(value) <= 63) },
);

const qualified: fc.Arbitrary<QualifiedName> = fc
  .array(name, { minLength: 1, maxLength: 3 })
  .map((parts) => ({ parts, written: parts, position: 0 }));
const identifier: fc.Arbitrary<Identifier> = name.map((value) => ({ name: value, position: 0 }));
const path = fc.array(name, { minLength: 1, maxLength: 3 });
const options = fc.array(
  fc.record({ key: text.map((key) => key.trim()), value: text, position: fc.constant(0) }),
  { maxLength: 3 },
);
const keys = fc.array(fc.record({ key: text.map((key) => key.trim()), position: fc.constant(0) }), {
  maxLength: 3,
});
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const source = (...texts: readonly string[]): fc.Arbitrary<SourceText> =>
  fc.constantFrom(...texts).map((value) => ({ text: value, start: 0, shifts: [] }));
const query = source(
  "SELECT 1",
  "select a AS b, c FROM d -- e\n WHERE f = 'it''s'",
  'WITH x AS (SELECT 1 AS as_) SELECT $$;\'$$, "q" FROM x',
  "(VALUES (1, ';'), (2, $a$)$a$))",
  "TABLE t",
  "SELECT CASE WHEN a THEN b END FROM c /* d /* e */ f */ ORDER BY 1",
);
const expression = source(
  "a + 1",
  "f(a, (b, c))",
  "COALESCE(x, 'it''s, )')",
  "a - INTERVAL '5' SECOND",
  "x[1]",
  "CASE WHEN a THEN b END",
);

const interval: fc.Arbitrary<IntervalLiteral> = fc.record({
  negative: fc.boolean(),
  value: text,
  unit: fc.constantFrom(...intervalUnits),
  toUnit: maybe(fc.constantFrom(...intervalUnits)),
  position: fc.constant(0),
});
const timestamp = fc.record({ text, withLocalTimeZone: fc.boolean(), position: fc.constant(0) });
const startMode: fc.Arbitrary<StartModeClause> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("FROM_BEGINNING", "RESUME_OR_FROM_BEGINNING"),
    interval: fc.constant(null),
    timestamp: fc.constant(null),
    position: fc.constant(0),
  }),
  fc.record({
    kind: fc.constantFrom("FROM_NOW", "RESUME_OR_FROM_NOW"),
    interval: maybe(interval),
    timestamp: fc.constant(null),
    position: fc.constant(0),
  }),
  fc.record({
    kind: fc.constantFrom("FROM_TIMESTAMP", "RESUME_OR_FROM_TIMESTAMP"),
    interval: fc.constant(null),
    timestamp,
    position: fc.constant(0),
  }),
) as fc.Arbitrary<StartModeClause>;

const literal: fc.Arbitrary<PartitionLiteral> = fc
  .oneof(
    fc.tuple(fc.constantFrom("string", "date", "timestamp"), text),
    fc.tuple(
      fc.constant("number"),
      fc.oneof(fc.integer().map(String), fc.constantFrom("1.5", "-2e10", ".5", "3.")),
    ),
    fc.tuple(fc.constant("boolean"), fc.constantFrom("true", "false")),
    fc.constant(["null", null] as const),
  )
  .map(([kind, value]) => ({ kind, value, position: 0 }) as PartitionLiteral);
const partition = fc.array(fc.record({ key: name, literal, position: fc.constant(0) }), {
  minLength: 1,
  maxLength: 3,
});

const type = fc.record({
  written: fc.constantFrom(
    "INT",
    "ARRAY<ROW<a INT, b STRING NOT NULL>>",
    "DECIMAL(10, 2)",
    "TIMESTAMP(3) WITH LOCAL TIME ZONE",
    "double precision",
    'x."Y"(1)[]',
    "MAP<INT, INT> MULTISET",
  ),
  nullable: maybe(fc.boolean()),
});
const enforcement = maybe(fc.constantFrom("ENFORCED", "NOT ENFORCED"));
const constraintType = fc.constantFrom("PRIMARY KEY", "UNIQUE");
const columns = fc.array(identifier, { minLength: 1, maxLength: 3 });
const tableConstraint = fc.record({
  kind: fc.constant("table-constraint"),
  name: maybe(name),
  type: constraintType,
  columns,
  enforcement,
});
const watermark = fc.record({ kind: fc.constant("watermark"), path, expression });
const typedColumn = fc.oneof(
  fc.record({
    kind: fc.constant("physical-column"),
    path,
    type,
    constraint: maybe(fc.record({ name: maybe(name), type: constraintType, enforcement })),
    comment: maybe(text),
  }),
  fc.record({ kind: fc.constant("computed-column"), path, expression, comment: maybe(text) }),
  fc.record({
    kind: fc.constant("metadata-column"),
    path,
    type,
    from: maybe(text),
    virtual: fc.boolean(),
    comment: maybe(text),
  }),
);
const namedColumn = fc.record({ kind: fc.constant("named-column"), path });
const schema = fc.oneof(
  fc.array(fc.oneof(namedColumn, tableConstraint), { minLength: 1, maxLength: 4 }),
  fc
    .tuple(
      fc.array(fc.oneof(typedColumn, tableConstraint), { minLength: 1, maxLength: 4 }),
      maybe(watermark),
    )
    .map(([items, last]) => (last === null ? items : [...items, last])),
) as fc.Arbitrary<unknown> as fc.Arbitrary<readonly SchemaItem[]>;
const place = maybe(
  fc.oneof(
    fc.constant({ kind: "first" }),
    path.map((value) => ({ kind: "after", path: value })),
  ),
);
const alterItems = fc.array(
  fc.oneof(
    fc.record({ item: typedColumn, place }),
    fc.record({ item: tableConstraint, place: fc.constant(null) }),
  ),
  { minLength: 1, maxLength: 3 },
);
const distribution = fc.oneof(
  fc.record({
    method: maybe(fc.constantFrom("HASH", "RANGE")),
    columns,
    buckets: maybe(fc.nat({ max: 1000 })),
  }),
  fc.record({
    method: fc.constant(null),
    columns: fc.constant([]),
    buckets: fc.nat({ max: 1000 }),
  }),
);
const filter: fc.Arbitrary<LikeFilter | null> = maybe(
  fc.record({ not: fc.boolean(), ignoreCase: fc.boolean(), pattern: text }),
);
const behaviour = maybe(fc.constantFrom("RESTRICT", "CASCADE"));
const change = fc.oneof(
  fc.record({ kind: fc.constant("set"), options }),
  fc.record({ kind: fc.constant("reset"), keys }),
  fc.record({ kind: fc.constant("comment"), comment: text }),
  fc.record({ kind: fc.constant("rename"), newName: name }),
);
const create = fc
  .record({
    kind: fc.constant("create-materialized-table"),
    name: qualified,
    orAlter: fc.boolean(),
    ifNotExists: fc.boolean(),
    schema: maybe(schema),
    comment: maybe(text),
    distribution: maybe(distribution),
    partitionKeys: fc.array(identifier, { maxLength: 2 }),
    options,
    startMode: maybe(startMode),
    freshness: maybe(interval),
    refreshMode: maybe(fc.constantFrom("FULL", "CONTINUOUS")),
    query,
  })
  .map((table) => ({ ...table, ifNotExists: table.ifNotExists && !table.orAlter }));

const of = (kind: string, fields: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ kind: fc.constant(kind), ...fields });
const alter = (action: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
  of(`alter-materialized-table-${action}`, { name: qualified, ...fields });

const alters = [
  alter("suspend", { options }),
  alter("resume", { options }),
  alter("refresh", { partition: maybe(partition), cascade: fc.boolean(), options }),
  alter("backfill", { from: literal, to: literal, options }),
  alter("set-freshness", { freshness: interval }),
  alter("set-refresh-mode", { refreshMode: fc.constantFrom("FULL", "CONTINUOUS") }),
  alter("set-options", { options }),
  alter("reset-options", { keys }),
  alter("as", { startMode: maybe(startMode), options, query }),
  alter("rename", { newName: qualified }),
  alter("comment", { comment: text }),
  alter("add", { items: alterItems }),
  alter("modify", { items: alterItems }),
  alter("drop", {
    target: fc.oneof(
      of("primary-key"),
      of("watermark"),
      of("constraint", { name }),
      of("columns", { paths: fc.array(path, { minLength: 1, maxLength: 3 }) }),
    ),
  }),
  alter("distribution", { verb: fc.constantFrom("ADD", "MODIFY"), distribution }),
  alter("distribution", { verb: fc.constant("DROP"), distribution: fc.constant(null) }),
];
const placed = fc.record({ text, position: fc.constant(0) });
const zoneless = fc.record({
  text,
  withLocalTimeZone: fc.constant(false),
  position: fc.constant(0),
});
const boundClause = fc.record({ at: zoneless, position: fc.constant(0) });
const schedule = fc.oneof(
  fc.record({ kind: fc.constant("cron"), expression: text, position: fc.constant(0) }),
  fc.record({
    kind: fc.constant("every"),
    amount: text,
    unit: fc.constantFrom(...intervalUnits),
    position: fc.constant(0),
  }),
  fc.record({ kind: fc.constant("manual"), position: fc.constant(0) }),
);
const task = fc.record({
  name,
  action: fc.oneof(
    fc.record({ kind: fc.constant("execute"), text, position: fc.constant(0) }),
    fc.record({
      kind: fc.constant("refresh"),
      table: qualified,
      partition: maybe(partition),
      position: fc.constant(0),
    }),
  ),
  comment: maybe(text),
  after: fc.array(identifier, { maxLength: 2 }),
  variables: options,
  options,
  position: fc.constant(0),
});
const createWorkflow = fc
  .record({
    kind: fc.constant("create-workflow"),
    name: qualified,
    orAlter: fc.boolean(),
    ifNotExists: fc.boolean(),
    comment: maybe(text),
    schedule: maybe(schedule),
    timeZone: maybe(placed),
    startAt: maybe(boundClause),
    endAt: maybe(boundClause),
    variables: options,
    options,
    tasks: fc.array(task, { minLength: 1, maxLength: 3 }),
  })
  .map((workflow) => ({ ...workflow, ifNotExists: workflow.ifNotExists && !workflow.orAlter }));
const workflows = [
  of("alter-workflow", {
    name: qualified,
    change: fc.oneof(
      of("enable"),
      of("disable"),
      of("rename", { newName: identifier }),
      of("comment", { comment: text }),
      of("set-schedule", { schedule }),
      of("set-options", { options }),
      of("reset-options", { keys }),
      of("set-variables", { variables: options }),
      of("add-task", { task }),
      of("modify-task", { task }),
      of("drop-task", { task: identifier }),
      of("add-downstream", { task: identifier }),
    ),
  }),
  of("drop-workflow", { name: qualified, ifExists: fc.boolean() }),
  of("execute-workflow", { name: qualified, at: maybe(zoneless), variables: options }),
  of("alter-workflow-instance", {
    instance: text,
    change: fc.oneof(
      of("cancel"),
      of("rerun"),
      of("rerun-failed"),
      of("rerun-task", { task: identifier, downstream: fc.boolean() }),
      of("mark-successful", { task: identifier }),
      of("skip", { task: identifier }),
    ),
  }),
  of("backfill-workflow", {
    name: qualified,
    from: zoneless,
    to: zoneless,
    variables: options,
    options,
  }),
  of("alter-backfill", {
    backfill: text,
    action: fc.constantFrom("PAUSE", "RESUME", "CANCEL", "RETRY FAILED"),
  }),
  of("create-queue", { queue: identifier, ifNotExists: fc.boolean(), options }),
  of("alter-queue", { queue: identifier, options }),
  of("drop-queue", { queue: identifier, ifExists: fc.boolean() }),
];
const inDatabase = { database: maybe(qualified), filter };
const shows = [
  of("show-catalogs", { filter }),
  of("show-databases", { catalog: maybe(qualified), filter }),
  of("show-tables", inDatabase),
  of("show-views", inDatabase),
  of("show-materialized-tables", inDatabase),
  of("show-procedures", inDatabase),
  of("show-workflows", inDatabase),
  of("show-functions", { user: fc.boolean(), ...inDatabase }),
  of("show-columns", { table: qualified, filter }),
  of("show-create", {
    object: fc.constantFrom("TABLE", "VIEW", "CATALOG", "DATABASE"),
    name: qualified,
    orAlter: fc.constant(false),
    expanded: fc.constant(false),
  }),
  of("show-create", {
    object: fc.constant("MATERIALIZED TABLE"),
    name: qualified,
    orAlter: fc.boolean(),
    expanded: fc.boolean(),
  }),
  of("show-partitions", { table: qualified, partition: maybe(partition) }),
  of("show-jobs"),
  of("show-jars"),
  of("show-queues"),
  of("show-current-catalog"),
  of("show-current-database"),
  of("show-modules", { full: fc.boolean() }),
  of("show-refreshes", { table: maybe(qualified), status: maybe(text), limit: maybe(fc.nat()) }),
  of("show-workflow-instances", {
    workflow: maybe(qualified),
    status: maybe(text),
    limit: maybe(fc.nat()),
  }),
  of("show-task-instances", { instance: text }),
  of("show-backfills", { table: maybe(qualified) }),
  of("show-create-workflow", { name: qualified, version: maybe(fc.nat()) }),
];
const described = { extended: fc.boolean(), name: qualified };
const others = [
  of("describe-table", described),
  of("describe-catalog", described),
  of("describe-database", described),
  of("describe-function", described),
  of("describe-job", { job: text }),
  of("describe-backfill", { backfill: text }),
  of("describe-workflow", described),
  of("stop-job", { job: text, savepoint: fc.boolean(), drain: fc.boolean() }),
  of("set", { key: text.map((key) => key.trim()), value: text.map((value) => value.trim()) }),
  of("list-settings"),
  of("reset", { key: maybe(text.map((key) => key.trim())) }),
  of("use-catalog", { name: qualified.map(firstParts(1)) }),
  of("use-database", { name: qualified.map(firstParts(2)) }),
  of("create-database", {
    name: qualified,
    ifNotExists: fc.boolean(),
    comment: maybe(text),
    options,
  }),
  of("create-catalog", {
    name: qualified,
    ifNotExists: fc.boolean(),
    comment: maybe(text),
    options,
  }),
  of("alter-database", { name: qualified, change }),
  of("alter-catalog", { name: qualified, change }),
  of("drop-database", { name: qualified, ifExists: fc.boolean(), behaviour }),
  of("drop-catalog", { name: qualified, ifExists: fc.boolean() }),
  of("drop-materialized-table", { name: qualified, ifExists: fc.boolean(), behaviour }),
  of("explain", {
    details: fc.uniqueArray(fc.constantFrom("ESTIMATED_COST", "CHANGELOG_MODE", "PLAN_ADVICE")),
    postgresOptions: fc.constant(null),
    target: fc.oneof(
      create,
      of("materialized-table", { name: qualified }),
      alter("as", { startMode: fc.constant(null), options, query }),
    ),
  }),
];

function firstParts(count: number) {
  return (value: QualifiedName): QualifiedName => ({
    parts: value.parts.slice(0, count),
    written: value.written.slice(0, count),
    position: 0,
  });
}

/** Any statement that can be printed and read back. */
export const statements = fc.oneof(
  { weight: 3, arbitrary: create },
  { weight: 3, arbitrary: createWorkflow },
  ...[...alters, ...shows, ...workflows, ...others].map((arbitrary) => ({ weight: 1, arbitrary })),
) as fc.Arbitrary<unknown> as fc.Arbitrary<Statement>;
