// Does a database fit? Sluice needs PostgreSQL 15+ and an ordinary role with a few privileges. Each
// finding names the statement that puts it right, ready to paste. A gateway makes the same checks
// when it starts, and refuses with the same text if one of them fails; warnings are only logged.

import pg from "pg";
import type { Clock } from "../common/clock.ts";
import { quoteIdent } from "../common/sql.ts";
import { probePooler } from "./pooler.ts";
import { biting, type RoleSetting } from "./role-settings.ts";

export interface Finding {
  readonly check: string;
  readonly level: "ok" | "warn" | "fail";
  /** What was seen, as a sentence. */
  readonly message: string;
  /** Statements or steps that put it right. */
  readonly fixes: readonly string[];
}

export interface Examination {
  readonly url: string;
  readonly clock: Clock;
  /** Connections that the gateway will open at most. */
  readonly connections: number;
}

/** What the checks look at; one row. */
interface Facts {
  readonly version: number;
  readonly version_text: string;
  readonly role: string;
  readonly session_role: string;
  readonly database: string;
  readonly encoding: string;
  readonly standby: boolean;
  readonly may_create: boolean;
  readonly may_temp: boolean;
  readonly connection_limit: number;
  readonly max_connections: number;
  readonly clock: string;
}

interface SchemaFacts {
  readonly name: string;
  readonly exists: boolean;
  readonly usable: boolean;
}

const oldestVersion = 150_000;
const clockTolerance = 2000;

/** All findings, in a fixed order; a database that cannot be reached is one failed finding. */
export async function examine(examination: Examination): Promise<readonly Finding[]> {
  const client = new pg.Client({ connectionString: examination.url, application_name: "sluice" });
  client.on("error", () => undefined); // shows in the statement that was running
  try {
    await client.connect();
  } catch (error) {
    return [fail("connection", `The database cannot be reached: ${messageOf(error)}.`, [])];
  }
  try {
    const before = examination.clock.now();
    const facts = await readFacts(client);
    const after = examination.clock.now();
    return [
      checkVersion(facts),
      checkDatabase(facts),
      ...(await checkSchemas(client, facts)),
      checkTemporary(facts),
      ...checkRole(facts, examination.connections),
      ...(await checkSettings(client, facts)),
      checkClock(Date.parse(facts.clock), before, after),
      await checkPooler(examination.url),
    ];
  } finally {
    await client.end();
  }
}

/** One line a finding, fixes below it. */
export function renderFindings(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ level, check, message, fixes }) => [
      `${level.padEnd(4)}  ${check}: ${message}`,
      ...fixes.map((fix) => `        ${fix}`),
    ])
    .join("\n");
}

async function readFacts(client: pg.Client): Promise<Facts> {
  const answer = await client.query<Facts>(`
    SELECT current_setting('server_version_num')::int AS version,
           current_setting('server_version') AS version_text,
           current_user::text AS role, session_user::text AS session_role,
           current_database()::text AS database,
           pg_encoding_to_char(d.encoding)::text AS encoding,
           pg_is_in_recovery() AS standby,
           has_database_privilege(d.oid, 'CREATE') AS may_create,
           has_database_privilege(d.oid, 'TEMP') AS may_temp,
           r.rolconnlimit AS connection_limit,
           current_setting('max_connections')::int AS max_connections,
           to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS clock
      FROM pg_catalog.pg_database d, pg_catalog.pg_roles r
     WHERE d.datname = current_database() AND r.rolname = current_user`);
  const row = answer.rows[0];
  if (row === undefined) throw new Error("the server answered no facts about itself");
  return row;
}

function checkVersion(facts: Facts): Finding {
  if (facts.version >= oldestVersion) return ok("version", `PostgreSQL ${facts.version_text}.`);
  return fail("version", `PostgreSQL ${facts.version_text} is too old.`, [
    "Use PostgreSQL 15 or newer.",
  ]);
}

function checkDatabase(facts: Facts): Finding {
  if (facts.standby) {
    return fail("database", "The server is a read-only standby.", ["Name the primary server."]);
  }
  if (facts.encoding === "UTF8") return ok("database", `Database "${facts.database}", UTF8.`);
  return fail("database", `The encoding of the database is ${facts.encoding}.`, [
    "CREATE DATABASE sluice ENCODING 'UTF8' TEMPLATE template0;",
  ]);
}

async function checkSchemas(client: pg.Client, facts: Facts): Promise<Finding[]> {
  const answer = await client.query<SchemaFacts>(`
    SELECT name, n.oid IS NOT NULL AS exists,
           n.oid IS NOT NULL AND has_schema_privilege(n.oid, 'USAGE')
             AND has_schema_privilege(n.oid, 'CREATE') AS usable
      FROM unnest(ARRAY['sluice', 'sluice_private', 'public'])
           WITH ORDINALITY AS wanted (name, rank)
      LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.name
     ORDER BY rank`);
  const own = answer.rows.filter((row) => row.name !== "public");
  const target = answer.rows.find((row) => row.name === "public");
  const role = quoteIdent(facts.role);
  const missing = own.filter((row) => !row.exists);
  const findings: Finding[] = [];
  if (missing.length > 0 && !facts.may_create) {
    const names = missing.map((row) => row.name).join(" and ");
    findings.push(
      fail("schemas", `Role ${role} may not create the schemas ${names}.`, [
        `GRANT CREATE ON DATABASE ${quoteIdent(facts.database)} TO ${role};`,
        `-- or: ${missing.map((row) => `CREATE SCHEMA ${row.name} AUTHORIZATION ${role};`).join(" ")}`,
      ]),
    );
  }
  for (const { name } of own.filter((row) => row.exists && !row.usable)) {
    findings.push(
      fail("schemas", `Role ${role} may not use schema ${name}.`, [
        `GRANT USAGE, CREATE ON SCHEMA ${name} TO ${role};`,
      ]),
    );
  }
  if (findings.length === 0) findings.push(ok("schemas", "sluice and sluice_private."));
  return [...findings, await checkTarget(client, facts, target?.usable === true)];
}

/** Tables must have a place to be made; `public` is where statements without a schema go. */
async function checkTarget(
  client: pg.Client,
  facts: Facts,
  publicUsable: boolean,
): Promise<Finding> {
  if (publicUsable) return ok("target", "Tables can be made in schema public.");
  const role = quoteIdent(facts.role);
  const fix = `GRANT USAGE, CREATE ON SCHEMA public TO ${role};`;
  const others = await client.query(`
    SELECT FROM pg_catalog.pg_namespace
     WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'sluice', 'sluice_private')
       AND has_schema_privilege(oid, 'USAGE') AND has_schema_privilege(oid, 'CREATE') LIMIT 1`);
  const message = `Role ${role} may not make tables in schema public.`;
  const level = others.rowCount === 0 && !facts.may_create ? "fail" : "warn";
  return { check: "target", level, message, fixes: [fix] };
}

function checkTemporary(facts: Facts): Finding {
  const role = quoteIdent(facts.role);
  if (facts.may_temp) return ok("temporary tables", "Allowed.");
  return fail("temporary tables", `Role ${role} may not make temporary tables.`, [
    `GRANT TEMPORARY ON DATABASE ${quoteIdent(facts.database)} TO ${role};`,
  ]);
}

function checkRole(facts: Facts, connections: number): Finding[] {
  const findings: Finding[] = [];
  const login = quoteIdent(facts.session_role);
  if (facts.role !== facts.session_role) {
    findings.push(
      warn("role", `The login role ${login} becomes ${quoteIdent(facts.role)} at once.`, [
        `ALTER ROLE ${login} RESET role;`,
      ]),
    );
  }
  const limit = facts.connection_limit < 0 ? facts.max_connections : facts.connection_limit;
  if (limit < connections) {
    findings.push(
      warn("connections", `At most ${limit} connections; the gateway may want ${connections}.`, [
        facts.connection_limit < 0
          ? "ALTER SYSTEM SET max_connections = …; or lower database.max-connections"
          : `ALTER ROLE ${login} CONNECTION LIMIT ${connections};`,
      ]),
    );
  }
  return findings.length > 0 ? findings : [ok("role", `${login}, an ordinary login.`)];
}

async function checkSettings(client: pg.Client, facts: Facts): Promise<Finding[]> {
  const answer = await client.query<RoleSetting>(`
    SELECT split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value,
           s.setrole <> 0 AS of_role, s.setdatabase <> 0 AS of_database
      FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) AS setting
     WHERE s.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user))
       AND s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database
                                  WHERE datname = current_database()))
     ORDER BY 1, 2`);
  const found = answer.rows.flatMap((setting) => biting(setting, facts) ?? []);
  return found.length > 0
    ? found
    : [ok("settings", "None of the role or database gets in the way.")];
}

function checkClock(theirs: number, before: number, after: number): Finding {
  const skew = theirs < before ? before - theirs : Math.max(0, theirs - after);
  if (skew <= clockTolerance)
    return ok("clock", "The database's clock agrees with this machine's.");
  const text = `The database's clock and this machine's are ${(skew / 1000).toFixed(1)} s apart.`;
  return warn("clock", `${text} Schedules follow the database's.`, [
    "Synchronise both clocks by NTP.",
  ]);
}

async function checkPooler(url: string): Promise<Finding> {
  const seen = await probePooler(url);
  const fixes = [
    "Name the server itself, or a pool in session mode (pool_mode = session).",
    "The pool must pass startup options on (not list them in ignore_startup_parameters).",
  ];
  switch (seen.kind) {
    case "direct":
      return ok("pooler", "Connections are the gateway's own.");
    case "session":
      return ok("pooler", "A pooler in session mode lies between.");
    case "transaction":
      return fail("pooler", "A pooler in transaction mode lies between.", fixes);
    case "options":
      return fail("pooler", `Startup options are lost on the way: ${seen.reason}.`, fixes);
  }
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || String(error) : String(error);
  return text.replace(/\.$/, "");
}

function ok(check: string, message: string): Finding {
  return { check, level: "ok", message, fixes: [] };
}

function warn(check: string, message: string, fixes: readonly string[]): Finding {
  return { check, level: "warn", message, fixes };
}

function fail(check: string, message: string, fixes: readonly string[]): Finding {
  return { check, level: "fail", message, fixes };
}
