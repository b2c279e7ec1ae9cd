// DESCRIBE DATABASE [EXTENDED]: name and comment of a schema; EXTENDED adds its owner.

import type { DescribeDatabase } from "../../parser/ast/describe-database.ts";
import { databaseNotFound } from "./drop-database.ts";
import type { Executor } from "./executor.ts";
import { column, tableResult } from "./fixed-results.ts";
import { findDatabase } from "./read/find-databases.ts";
import { resolveDatabase } from "./resolve-name.ts";

export const describeDatabase: Executor<DescribeDatabase> = async (
  { name, extended },
  { session },
  { database },
) => {
  const resolved = resolveDatabase(name, session);
  const found = await findDatabase(database, resolved);
  if (found === null) throw databaseNotFound(resolved, session.catalog);
  const rows = [
    ["name", resolved],
    ["comment", found.comment ?? ""],
  ];
  if (extended) rows.push(["owner", found.owner]);
  return tableResult([column("info name"), column("info value")], rows);
};
