// Brings the metadata schemas to the version of this build: numbered SQL files, all pending ones in
// one transaction under an advisory lock, each remembered with its checksum. A file that was
// applied is never changed. Migration N is readable by gateways of N-1 unless it says otherwise in
// a line `-- min-reader: N`; then older gateways refuse to start and stop claiming.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GatewayError } from "./gateway-error.ts";
import { packageRoot } from "./package-root.ts";
import type { Database, Queryable, Tx } from "./pg.ts";
import { sql, trusted } from "./sql.ts";

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
  /** The oldest build, by its own newest migration, that can work with the schema afterwards. */
  readonly minReader: number;
}

export interface MigrationResult {
  /** Versions that this call applied, ascending. */
  readonly applied: readonly number[];
  /** Version of the schema now; may be newer than this build. */
  readonly version: number;
}

interface AppliedRow {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
  readonly min_reader: number;
}

/** The folder of this build. */
export const migrationsFolder = join(packageRoot, "migrations");

/** "Slui" in ASCII: the advisory lock of schema changes. */
const lockKey = 0x536c7569;

/** Reads `000001-name.sql …`, ascending; the numbers have no gaps. */
export function loadMigrations(folder: string): Migration[] {
  const files = readdirSync(folder).filter((file) => /^\d{6}-[a-z0-9-]+\.sql$/.test(file));
  return files.sort().map((file, index) => {
    const version = Number(file.slice(0, 6));
    if (version !== index + 1) throw new Error(`migrations have a gap before ${file}`);
    const text = readFileSync(join(folder, file), "utf8");
    const minReader = /^-- min-reader: (\d+)$/m.exec(text)?.[1];
    return {
      version,
      name: file.slice(7, -4),
      text,
      checksum: createHash("sha256").update(text).digest("hex"),
      minReader: minReader === undefined ? Math.max(1, version - 1) : Number(minReader),
    };
  });
}

/**
 * Applies what is pending. Several gateways may call it at once: one applies, the others wait and
 * find nothing to do. Throws GW-MIGRATION-CHANGED, or GW-SCHEMA-NEWER if this build is too old for
 * the database.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
): Promise<MigrationResult> {
  const before = await readApplied(database);
  if (!isPending(before, migrations)) return checked(before, migrations, []);
  return database.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${lockKey})`);
    await createSchemas(tx);
    const applied = await readApplied(tx);
    checked(applied, migrations, []);
    const pending = migrations.filter((one) => one.version > newest(applied));
    for (const migration of pending) await applyMigration(tx, migration);
    if (pending.length > 0) await grantToOwner(tx);
    const versions = pending.map((one) => one.version);
    return { applied: versions, version: Math.max(newest(applied), ...versions) };
  });
}

/**
 * Throws GW-SCHEMA-NEWER once a newer gateway has changed the schema beyond what this build reads.
 */
export async function checkReadable(
  database: Queryable,
  migrations: readonly Migration[],
): Promise<void> {
  checked(await readApplied(database), migrations, []);
}

async function readApplied(on: Queryable): Promise<AppliedRow[]> {
  const table = await on.query<{ found: boolean }>(
    sql`SELECT to_regclass('sluice_private.migrations') IS NOT NULL AS found`,
  );
  if (table[0]?.found !== true) return [];
  return on.query<AppliedRow>(
    sql`SELECT version, name, checksum, min_reader FROM sluice_private.migrations ORDER BY version`,
  );
}

function newest(applied: readonly AppliedRow[]): number {
  return applied.at(-1)?.version ?? 0;
}

function isPending(applied: readonly AppliedRow[], migrations: readonly Migration[]): boolean {
  return newest(applied) < (migrations.at(-1)?.version ?? 0);
}

function checked(
  applied: readonly AppliedRow[],
  migrations: readonly Migration[],
  versions: readonly number[],
): MigrationResult {
  const ours = migrations.at(-1)?.version ?? 0;
  const needed = Math.max(0, ...applied.map((row) => row.min_reader));
  if (needed > ours) {
    throw new GatewayError("GW-SCHEMA-NEWER", "the metadata schema is newer than this gateway", {
      detail: `It needs a gateway of schema version ${needed}; this one knows ${ours}.`,
      hint: "Upgrade this gateway.",
    });
  }
  for (const row of applied) {
    const file = migrations.find((one) => one.version === row.version);
    if (file !== undefined && file.checksum !== row.checksum) {
      throw new GatewayError("GW-MIGRATION-CHANGED", `migration ${row.version} has changed`, {
        detail: `The database has had another ${row.name} than this version brings.`,
        hint: "Run the version that made the database, or start with a new database.",
      });
    }
  }
  return { applied: versions, version: newest(applied) };
}

/**
 * CREATE SCHEMA IF NOT EXISTS asks for the privilege even where the schema exists, so look first.
 */
async function createSchemas(tx: Tx): Promise<void> {
  for (const name of ["sluice", "sluice_private"]) {
    const found = await tx.query(sql`SELECT FROM pg_namespace WHERE nspname = ${name}`);
    if (found.length === 0) await tx.execute(trusted(`CREATE SCHEMA ${name}`));
  }
  await tx.execute(sql`
    CREATE TABLE IF NOT EXISTS sluice_private.migrations (
      version     integer PRIMARY KEY,
      name        text NOT NULL,
      checksum    text NOT NULL,
      min_reader  integer NOT NULL,
      applied_at  timestamptz NOT NULL DEFAULT clock_timestamp()
    )`);
}

async function applyMigration(tx: Tx, migration: Migration): Promise<void> {
  await tx.execute(trusted(migration.text));
  await tx.execute(sql`
    INSERT INTO sluice_private.migrations (version, name, checksum, min_reader)
    VALUES (${migration.version}, ${migration.name}, ${migration.checksum},
            ${migration.minReader})`);
}

/**
 * A dump by the owner of the database works whoever owns these objects; tables to come are
 * included.
 */
async function grantToOwner(tx: Tx): Promise<void> {
  for (const name of ["sluice", "sluice_private"]) {
    await tx.execute(
      trusted(`
        GRANT USAGE ON SCHEMA ${name} TO pg_database_owner;
        GRANT SELECT ON ALL TABLES IN SCHEMA ${name} TO pg_database_owner;
        GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${name} TO pg_database_owner;
        ALTER DEFAULT PRIVILEGES IN SCHEMA ${name} GRANT SELECT ON TABLES TO pg_database_owner;
        ALTER DEFAULT PRIVILEGES IN SCHEMA ${name} GRANT SELECT ON SEQUENCES TO pg_database_owner`),
    );
  }
}
