// DESCRIBE CATALOG [EXTENDED]: name and type of the connected database.

import { sql } from "../../common/sql.ts";
import type { DescribeCatalog } from "../../parser/ast/describe-catalog.ts";
import type { Executor } from "./executor.ts";
import { column, tableResult } from "./fixed-results.ts";
import { requireCatalog } from "./resolve-name.ts";

export const describeCatalog: Executor<DescribeCatalog> = async (
  { name, extended },
  { session },
  { database },
) => {
  requireCatalog(name, session);
  const [found] = await database.query<{ comment: string | null; version: string }>(sql`
    SELECT pg_catalog.shobj_description(oid, 'pg_database') AS comment,
           pg_catalog.current_setting('server_version') AS version
    FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()`);
  const rows = [
    ["name", session.catalog],
    ["type", "postgres"],
    ["comment", found?.comment ?? ""],
  ];
  if (extended) rows.push(["option:version", found?.version ?? ""]);
  return tableResult([column("info name"), column("info value")], rows);
};
