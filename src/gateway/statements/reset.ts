// RESET ['key']: back to the gateway's value, or removed. Tables, views and the current database
// stay.

import type { Reset } from "../../parser/ast/reset.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";

export const reset: Executor<Reset> = async ({ key }, { session }) => {
  if (key === null) session.resetProperties();
  else session.resetProperty(key.trim());
  return okResult;
};
