// BACKFILL: understood, not carried out yet.

// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableBackfill,
} from "../../parser/ast/alter-materialized-table-backfill.ts";
import type { Executor } from "./executor.ts";
import { notYetError } from "./not-yet.ts";

export const alterMaterializedTableBackfill: Executor<
  AlterMaterializedTableBackfill
> = async () => {
  throw notYetError("BACKFILL", "Backfills and workflows of your own come in a later version.");
};
