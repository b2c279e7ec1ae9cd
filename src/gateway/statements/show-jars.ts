// SHOW JARS: none, as none can be added.

import type { ShowJars } from "../../parser/ast/show-jars.ts";
import type { Executor } from "./executor.ts";
import { listResult } from "./fixed-results.ts";

export const showJars: Executor<ShowJars> = async () => listResult("jars", []);
