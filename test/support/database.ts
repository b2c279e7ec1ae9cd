// A real database for one test file: a clone of the migrated template, used through an ordinary
// role that owns it. The template's clock is virtual: sluice_private.clock() gives the machine's
// time until setClock stops it somewhere.

import { inject } from "vitest";
import { systemRandom } from "../../src/common/clock.ts";
import { type Database, openDatabase } from "../../src/common/pg.ts";
import { ident, sql, type Sql, trusted } from "../../src/common/sql.ts";
import { urlOf } from "./global-setup.ts";

export interface TestDatabase {
  /** As the ordinary role `tester`, owner of the database. */
  readonly url: string;
  readonly name: string;
  /** A small pool on it, closed by `close`. */
  readonly database: Database;
  /** The pool's connections that were lost, oldest first. */
  readonly connectionErrors: readonly Error[];
  /** Rows of a statement, or of plain text without parameters. */
  query<Row extends object = Record<string, unknown>>(statement: Sql | string): Promise<Row[]>;
  /**
   * Stops the database's clock at an instant (ISO 8601); null lets it run with the machine's again.
   */
  setClock(iso: string | null): Promise<void>;
  /** Drops the database; connections that are left are ended. */
  close(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** `empty`: without our schemas. */
  readonly template?: "migrated" | "empty";
  /** Most connections of the pool; 8 if not given. */
  readonly max?: number;
}

/** Makes a database (about 35 ms); call `close` in afterAll. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const name = `test_${systemRandom.hex32().slice(0, 16)}`;
  const template = options.template === "empty" ? "template1" : "sluice_template";
  await asAdmin(
    sql`CREATE DATABASE ${ident(name)} TEMPLATE ${ident(template)} OWNER ${ident("tester")}`,
  );
  const url = urlOf(inject("adminUrl"), "tester", inject("testerPassword"), name);
  const connectionErrors: Error[] = [];
  const database = openDatabase({
    url,
    max: options.max ?? 8,
    applicationName: "tests",
    onError: (error) => connectionErrors.push(error),
  });
  return {
    url,
    name,
    database,
    connectionErrors,
    query: (statement) =>
      database.query(typeof statement === "string" ? trusted(statement) : statement),
    setClock: (iso) => setClock(database, iso),
    async close() {
      await database.close();
      await asAdmin(sql`DROP DATABASE ${ident(name)} WITH (FORCE)`);
    },
  };
}

/**
 * Runs one statement as the role that may create databases and roles; for what an operator would
 * do.
 */
export async function asAdmin(statement: Sql, database = "postgres"): Promise<object[]> {
  const url = new URL(inject("adminUrl"));
  url.pathname = `/${database}`;
  const admin = openDatabase({
    url: url.href,
    max: 1,
    applicationName: "tests",
    onError: () => undefined,
  });
  try {
    return await admin.query(statement);
  } finally {
    await admin.close();
  }
}

async function setClock(database: Database, iso: string | null): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.execute(sql`DELETE FROM sluice_private.test_clock`);
    if (iso !== null) {
      await tx.execute(sql`INSERT INTO sluice_private.test_clock VALUES (${iso}::timestamptz)`);
    }
  });
}
