// A table that reads other materialized tables: its freshness should be a multiple of theirs, and under strict must be,
// or its slots fall between those of its parents. Waiting for a
// parent's unfinished intervals has its place here too, and is not done yet.

import type { Source } from "../catalog/catalog.ts";
import { type Freshness, freshnessDuration, renderFreshness } from "../catalog/freshness.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { TableServices } from "./table-services.ts";

/** Gives warnings; throws MT-FRESH-PARENT under strict. */
export async function checkParents(
  { catalog, database }: Pick<TableServices, "catalog" | "database">,
  child: {
    readonly sources: readonly Source[];
    readonly freshness: Freshness;
    readonly strict: boolean;
  },
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const { tableId } of child.sources) {
    const parent = tableId === null ? null : await catalog.findById(database, tableId);
    if (parent === null) continue;
    const own = freshnessDuration(child.freshness);
    if (own % freshnessDuration(parent.freshness) === 0) continue;
    const words = `FRESHNESS is no multiple of that of "${parent.identifier.name}"`;
    const theirs = renderFreshness(parent.freshness);
    if (child.strict) {
      throw new GatewayError("MT-FRESH-PARENT", words, {
        detail: `That of the table it reads is ${theirs}.`,
      });
    }
    warnings.push(`${words}, which is ${theirs}`);
  }
  return warnings;
}
