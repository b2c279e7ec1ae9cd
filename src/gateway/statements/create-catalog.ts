// CREATE CATALOG: understood, and refused; the connected database is the only catalog.

import type { CreateCatalog } from "../../parser/ast/create-catalog.ts";
import type { Executor } from "./executor.ts";
import { notSupported } from "./unsupported.ts";

export const createCatalog: Executor<CreateCatalog> = async (_, { session }) => {
  throw notSupported(
    "CREATE CATALOG",
    `The only catalog is the connected database, "${session.catalog}".`,
    "CREATE DATABASE makes a schema in it.",
  );
};
