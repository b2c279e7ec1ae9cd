// ALTER MATERIALIZED TABLE … ADD | MODIFY | DROP DISTRIBUTION: no meaning on PostgreSQL; no table
// has one.

import { flinkName } from "../../catalog/object-identifier.ts";
import { GatewayError } from "../../common/gateway-error.ts";
// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableDistribution,
} from "../../parser/ast/alter-materialized-table-distribution.ts";
import { distributionError } from "./create-request.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";

export const alterMaterializedTableDistribution: Executor<
  AlterMaterializedTableDistribution
> = async ({ name, verb }, { session }, { tables }) => {
  const identifier = resolveObject(name, session);
  await tables.get(identifier, "alter");
  if (verb === "ADD") throw distributionError("ADD DISTRIBUTION");
  const text = `Materialized table ${flinkName(identifier)} does not have a distribution to`;
  throw new GatewayError("MT-DIST-NONE", "the table has no distribution", {
    detail: "A table of PostgreSQL has no buckets.",
    flink: {
      class: "org.apache.flink.table.api.ValidationException",
      text: `${text} ${verb.toLowerCase()}.`,
    },
  });
};
