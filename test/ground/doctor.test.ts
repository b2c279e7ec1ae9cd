// What is said of databases and roles that do not fit, and that the statements it names put it
// right.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../src/common/clock.ts";
import { ident, literal, sql, trusted } from "../../src/common/sql.ts";
import { instant } from "../../src/common/time.ts";
import { examine, type Finding, renderFindings } from "../../src/ops/doctor.ts";
import { asAdmin, type TestDatabase, testDatabase } from "../support/database.ts";
import { testGateway } from "../support/gateway.ts";
import { transactionPooler } from "../support/transaction-pooler.ts";

let db: TestDatabase;
let role: string;
let url: string;
beforeAll(async () => {
  db = await testDatabase({ template: "empty" });
  role = `limited_${db.name}`;
  await asAdmin(sql`CREATE ROLE ${ident(role)} LOGIN PASSWORD ${literal("x")}`);
  const given = new URL(db.url);
  given.username = role;
  given.password = "x";
  url = given.href;
});
afterAll(async () => {
  await db.close();
  await asAdmin(sql`DROP ROLE ${ident(role)}`);
});

function look(how: { url?: string; clock?: Clock; connections?: number } = {}) {
  return examine({ url, clock: systemClock, connections: 40, ...how });
}

function faults(findings: readonly Finding[]): string[] {
  return renderFindings(findings.filter((one) => one.level !== "ok")).split("\n");
}

async function run(statements: readonly string[]): Promise<void> {
  for (const statement of statements) await asAdmin(trusted(statement), db.name);
}

test("the owner of a database may do everything", async () => {
  const findings = await look({ url: db.url });
  expect(findings.map(({ check, level }) => `${check} ${level}`)).toEqual([
    "version ok",
    "database ok",
    "schemas ok",
    "target ok",
    "temporary tables ok",
    "role ok",
    "settings ok",
    "clock ok",
    "pooler ok",
  ]);
});

test("a role without privileges is given the statements, and with them it fits", async () => {
  await run([`REVOKE TEMPORARY ON DATABASE ${db.name} FROM PUBLIC`]);
  const findings = await look();
  expect(faults(findings)).toEqual([
    `fail  schemas: Role "${role}" may not create the schemas sluice and sluice_private.`,
    `        GRANT CREATE ON DATABASE "${db.name}" TO "${role}";`,
    `        -- or: CREATE SCHEMA sluice AUTHORIZATION "${role}"; CREATE SCHEMA sluice_private AUTHORIZATION "${role}";`,
    `fail  target: Role "${role}" may not make tables in schema public.`,
    `        GRANT USAGE, CREATE ON SCHEMA public TO "${role}";`,
    `fail  temporary tables: Role "${role}" may not make temporary tables.`,
    `        GRANT TEMPORARY ON DATABASE "${db.name}" TO "${role}";`,
  ]);
  await run(findings.flatMap((one) => one.fixes.filter((fix) => fix.startsWith("GRANT"))));
  expect(faults(await look())).toEqual([""]);
});

test("a gateway refuses to start with the same text", async () => {
  await run([`REVOKE CREATE ON DATABASE ${db.name} FROM ${role}`]);
  const detail = renderFindings((await look()).filter((one) => one.level === "fail"));
  await expect(testGateway({ database: { ...db, url } })).rejects.toMatchObject({
    code: "GW-DATABASE-UNFIT",
    detail,
  });
  await run([`GRANT CREATE ON DATABASE ${db.name} TO ${role}`]);
});

test("schemas that another role made", async () => {
  await run(["CREATE SCHEMA sluice", "CREATE SCHEMA sluice_private"]);
  const findings = await look();
  expect(faults(findings)).toEqual([
    `fail  schemas: Role "${role}" may not use schema sluice.`,
    `        GRANT USAGE, CREATE ON SCHEMA sluice TO "${role}";`,
    `fail  schemas: Role "${role}" may not use schema sluice_private.`,
    `        GRANT USAGE, CREATE ON SCHEMA sluice_private TO "${role}";`,
  ]);
  await run(findings.flatMap((one) => one.fixes));
  expect(faults(await look())).toEqual([""]);
});

test.each([
  ["default_transaction_isolation", "'serializable'", "fail"],
  ["statement_timeout", "'30s'", "warn"],
  ["default_transaction_read_only", "on", "warn"],
  ["standard_conforming_strings", "off", "fail"],
] as const)("%s = %s of the role", async (name, value, level) => {
  await run([`ALTER ROLE ${role} IN DATABASE ${db.name} SET ${name} = ${value}`]);
  const findings = (await look()).filter((one) => one.level !== "ok");
  expect(findings).toMatchObject([
    {
      check: "settings",
      level,
      fixes: [`ALTER ROLE "${role}" IN DATABASE "${db.name}" RESET ${name};`],
    },
  ]);
  await run(findings.flatMap((one) => one.fixes));
  expect(faults(await look())).toEqual([""]);
});

test("too few connections", async () => {
  await run([`ALTER ROLE ${role} CONNECTION LIMIT 12`]);
  expect(faults(await look())).toEqual([
    "warn  connections: At most 12 connections; the gateway may want 40.",
    `        ALTER ROLE "${role}" CONNECTION LIMIT 40;`,
  ]);
  await run([`ALTER ROLE ${role} CONNECTION LIMIT -1`]);
});

test("clocks that are apart", async () => {
  const late: Clock = { ...systemClock, now: () => instant(systemClock.now() - 60_000) };
  expect(faults(await look({ clock: late }))[0]).toMatch(
    /^warn {2}clock: The database's clock and this machine's are (59|60)\.\d s apart\./,
  );
});

test("a database that is not there", async () => {
  expect(faults(await look({ url: "postgres://x:y@127.0.0.1:1/z" }))).toEqual([
    "fail  connection: The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1.",
  ]);
});

describe("a pooler in transaction mode", () => {
  test.each([
    ["refuse", "Startup options are lost on the way: unsupported startup parameter: options."],
    ["ignore", "Startup options are lost on the way: they have no effect."],
    ["keep", "A pooler in transaction mode lies between."],
  ] as const)("that would %s startup options", async (options, message) => {
    const pooler = await transactionPooler(url, options);
    const findings = await look({ url: pooler.url });
    await pooler.close();
    expect(findings.filter((one) => one.level === "fail")).toMatchObject([
      { check: "pooler", message },
    ]);
  });
});
