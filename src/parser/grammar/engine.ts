// Chevrotain, loaded from the one-file build inside its package. The package's entry point imports
// hundreds of files of lodash-es one by one, which alone takes 400 ms of every start; the one file
// takes 20.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type * as chevrotain from "chevrotain";

const entryPoint = createRequire(import.meta.url).resolve("chevrotain");
const oneFile = new URL("../chevrotain.mjs", pathToFileURL(entryPoint));
const engine = (await import(oneFile.href)) as typeof chevrotain;

export const { createToken, CstParser, EOF, Lexer } = engine;
