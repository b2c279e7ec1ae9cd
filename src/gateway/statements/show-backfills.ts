// SHOW BACKFILLS: understood, not carried out yet.

import type { ShowBackfills } from "../../parser/ast/show-backfills.ts";
import type { Executor } from "./executor.ts";
import { notYetError } from "./not-yet.ts";

export const showBackfills: Executor<ShowBackfills> = async () => {
  throw notYetError(
    "SHOW BACKFILLS",
    "Backfills and workflows of your own come in a later version.",
  );
};
