// SET 'key' = 'value' of a session option; blank space around both does not count. An illegal value
// of a known option changes nothing.

import type { Set as SetOption } from "../../parser/ast/set.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";

export const setOption: Executor<SetOption> = async ({ key, value }, { session }) => {
  session.setProperty(key.trim(), value.trim());
  return okResult;
};
