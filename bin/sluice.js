#!/usr/bin/env node
// The installed command: runs the TypeScript sources through tsx, in this process.

import { register } from "tsx/esm/api";

register();
const { runCli } = await import("../src/cli/main.ts");
process.exitCode = await runCli(process.argv.slice(2));
