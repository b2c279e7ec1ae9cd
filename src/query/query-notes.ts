// What is worth saying about a query before it becomes a table: dependence on the moment or on
// chance, relations that cannot be locked.

import type { Node, SelectStmt } from "libpg-query";
import { namesOf, walk } from "./ast.ts";
import type { QueryNote } from "./query-analysis.ts";
import { type CatalogFunction, functionName, type QueryCatalog } from "./query-catalog.ts";

/**
 * PostgreSQL's own STABLE functions whose result changes with the moment or the session, not with
 * pinned settings.
 */
const momentary: ReadonlySet<string> = new Set([
  "now",
  "transaction_timestamp",
  "statement_timestamp",
  "current_setting",
  "txid_current",
  "txid_current_if_assigned",
  "txid_current_snapshot",
  "pg_current_xact_id",
  "pg_current_xact_id_if_assigned",
  "pg_current_snapshot",
  "pg_current_wal_lsn",
  "pg_current_wal_insert_lsn",
  "pg_last_wal_replay_lsn",
  "pg_is_in_recovery",
  "pg_backend_pid",
  "pg_postmaster_start_time",
  "pg_conf_load_time",
  "pg_my_temp_schema",
  "inet_client_addr",
  "inet_client_port",
  "inet_server_addr",
  "inet_server_port",
  "pg_relation_size",
  "pg_table_size",
  "pg_total_relation_size",
  "pg_database_size",
  "pg_stat_get_activity",
]);

/**
 * Words of the standard that are no function calls; the names of users and schemas do not change by
 * themselves.
 */
const momentaryWords: ReadonlySet<string> = new Set([
  "SVFOP_CURRENT_DATE",
  "SVFOP_CURRENT_TIME",
  "SVFOP_CURRENT_TIME_N",
  "SVFOP_CURRENT_TIMESTAMP",
  "SVFOP_CURRENT_TIMESTAMP_N",
  "SVFOP_LOCALTIME",
  "SVFOP_LOCALTIME_N",
  "SVFOP_LOCALTIMESTAMP",
  "SVFOP_LOCALTIMESTAMP_N",
]);

/** True if the expression's value depends on the moment or on chance. */
export function isMomentary(expression: Node, catalog: QueryCatalog): boolean {
  return momentaryCalls(expression, catalog).length > 0;
}

/** All notes on a query and the views in it, each once. */
export function notesOf(select: SelectStmt | null, catalog: QueryCatalog): QueryNote[] {
  const notes = new Map<string, QueryNote>();
  const add = (code: QueryNote["code"], message: string) => notes.set(message, { code, message });
  for (const call of momentaryCalls({ SelectStmt: select }, catalog)) {
    add("NONDETERMINISTIC", `${call} depends on the moment or on chance`);
  }
  for (const view of catalog.relations.filter((relation) => relation.definition !== null)) {
    // The functions of views are in the snapshot too; which view calls which does not matter here.
    const text = view.definition ?? "";
    for (const each of catalog.functions.filter(isChance)) {
      const bare = each.name.split(".").at(-1) ?? each.name;
      if (new RegExp(`\\b${bare.replaceAll(/\W/g, "\\$&")}"?\\(`).test(text)) {
        add("NONDETERMINISTIC", `${each.name}() depends on the moment or on chance`);
      }
    }
    if (/\b(CURRENT|LOCAL)_?(DATE|TIME|TIMESTAMP)\b/.test(text)) {
      add("NONDETERMINISTIC", `the view ${view.schema}.${view.name} reads the clock`);
    }
  }
  for (const { schema, name, kind } of catalog.relations) {
    if (kind === "matview" || kind === "foreign") {
      const what = kind === "matview" ? "materialized view" : "foreign table";
      add("NOT_LOCKABLE", `the ${what} ${schema}.${name} cannot be locked before the snapshot`);
    }
  }
  return [...notes.values()];
}

function isChance(called: CatalogFunction): boolean {
  if (called.volatility === "volatile") return true;
  return called.volatility === "stable" && (called.user || momentary.has(called.name));
}

function momentaryCalls(expression: unknown, catalog: QueryCatalog): string[] {
  const found: string[] = [];
  walk(expression, (kind, fields) => {
    if (kind === "SQLValueFunction" && momentaryWords.has(String(fields["op"]))) {
      found.push(String(fields["op"]).replace("SVFOP_", "").replace(/_N$/, ""));
    }
    if (kind === "RangeTableSample" && fields["repeatable"] === undefined)
      found.push("TABLESAMPLE");
    if (kind !== "FuncCall" && kind !== "A_Expr") return;
    const list = kind === "FuncCall" ? fields["funcname"] : fields["name"];
    const names = namesOf(list as Node[]) ?? [];
    if (kind === "A_Expr" && names.length < 2) return;
    const name = functionName(names);
    const known = catalog.functions.find((each) => each.name === name);
    // age(x) counts from today, age(x, y) does not.
    const fromToday = name === "age" && (fields["args"] as unknown[] | undefined)?.length === 1;
    if (fromToday || (known && isChance(known))) found.push(`${name}()`);
  });
  return found;
}

const frozenWords = ["now", "today", "tomorrow", "yesterday"];
const clockTypes = ["date", "time", "timetz", "timestamp", "timestamptz"];

/**
 * `'now'::timestamptz` and its kin in the user's text: the server freezes them when the table is
 * defined.
 */
export function frozenTimeNotes(select: SelectStmt): QueryNote[] {
  const found: QueryNote[] = [];
  walk({ SelectStmt: select }, (kind, fields) => {
    if (kind !== "TypeCast") return;
    const arg = fields["arg"] as { A_Const?: { sval?: { sval?: string } } };
    const type = namesOf((fields["typeName"] as { names?: Node[] } | undefined)?.names)?.at(-1);
    const word = arg.A_Const?.sval?.sval?.trim().toLowerCase() ?? "";
    if (frozenWords.includes(word) && clockTypes.includes(type ?? "")) {
      const message = `'${word}' is the moment of the definition, in every refresh`;
      found.push({ code: "FROZEN_TIME", message });
    }
  });
  return found;
}
