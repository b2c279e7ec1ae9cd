// The SHOW statements that list names: a column, the names, LIKE or ILIKE.

import type { LikeFilter } from "../../parser/ast/like.ts";
import { listResult } from "./fixed-results.ts";
import { filterLike } from "./like.ts";
import type { FixedResult } from "./statement-result.ts";

/** Sorted names under the column, as far as the filter lets them through. */
export function listObjects(
  column: string,
  names: readonly string[],
  filter: LikeFilter | null,
): FixedResult {
  return listResult(column, filterLike(names, filter));
}
