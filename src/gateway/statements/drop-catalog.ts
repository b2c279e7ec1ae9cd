// DROP CATALOG: the only catalog is in use by whoever asks.

import { GatewayError } from "../../common/gateway-error.ts";
import type { DropCatalog } from "../../parser/ast/drop-catalog.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { requireCatalog } from "./resolve-name.ts";

export const dropCatalog: Executor<DropCatalog> = async ({ name, ifExists }, { session }) => {
  const isCurrent = name.written[0] === session.catalog || name.parts[0] === session.catalog;
  if (!isCurrent && ifExists) return okResult;
  requireCatalog(name, session);
  throw new GatewayError("GW-NOT-SUPPORTED", `catalog "${session.catalog}" cannot be dropped`, {
    detail: "The catalog is the connected database, which every session uses.",
    position: name.position,
    flink: {
      class: "org.apache.flink.table.catalog.exceptions.CatalogException",
      text: "Cannot drop a catalog which is currently in use.",
    },
  });
};
