#!/usr/bin/env node
// The installed command.

import { ensureBuilt } from "../tools/build/build.js";

await ensureBuilt();
const { runCli } = await import("../dist/cli/main.js");
process.exitCode = await runCli(process.argv.slice(2));
