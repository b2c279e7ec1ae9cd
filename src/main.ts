// `npm start`: `sluice start` with the flags that follow.

import { runCli } from "./cli/main.ts";

process.exitCode = await runCli(["start", ...process.argv.slice(2)]);
