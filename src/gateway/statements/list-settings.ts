// SET alone: the effective configuration of the session, sorted by key.

import type { ListSettings } from "../../parser/ast/list-settings.ts";
import type { Executor } from "./executor.ts";
import { column, tableResult } from "./fixed-results.ts";

export const listSettings: Executor<ListSettings> = async (_, { session }) =>
  tableResult([column("key"), column("value")], [...session.properties]);
