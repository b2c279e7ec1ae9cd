// Starts the product as its user does, in a process of its own, and waits until it says that it is
// ready. For benches, fault tests and the tests of real clients; what the machine's environment
// says about Sluice is left out.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "../build/build.js";

export interface Product {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly pid: number;
  /** Resolves with the exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  /** The last lines of its log, oldest first. */
  readonly log: readonly string[];
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
}

export interface ProductOptions {
  /** Of the embedded database; not used if `databaseUrl` is given. */
  readonly dataDirectory: string;
  /** A PostgreSQL to work in instead of an embedded one. */
  readonly databaseUrl?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /**
   * Starts it by `npm start`, as a user types it; otherwise by node itself, so that a signal meets
   * it at once.
   */
  readonly throughNpm?: boolean;
  /** Further options by environment name, e.g. `SLUICE_SCHEDULER_LEASE`. */
  readonly environment?: Readonly<Record<string, string>>;
}

const keptLines = 400;

/** Rejects with the end of the log if the process ends before it is ready. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  await ensureBuilt();
  const [program, ...args] =
    options.throughNpm === true ? ["npm", "start", "--silent"] : [process.execPath, "dist/main.js"];
  const child = spawn(program, args, {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: environmentOf(options),
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: npm does not pass signals on, a terminal gives them to the whole group.
    detached: options.throughNpm === true,
  });
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const log: string[] = [];
  const url = await readyUrl(child, exited, log);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (options.throughNpm === true) process.kill(-(child.pid ?? 0), signal);
    else child.kill(signal);
    await exited;
  };
  return {
    url,
    pid: child.pid ?? 0,
    exited,
    log,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

function environmentOf(options: ProductOptions): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("SLUICE_"));
  return {
    ...Object.fromEntries(own),
    SLUICE_DATA_DIR: options.dataDirectory,
    SLUICE_PORT: String(options.port ?? 0),
    ...(options.databaseUrl === undefined ? {} : { SLUICE_DATABASE_URL: options.databaseUrl }),
    ...options.environment,
  };
}

/** The address in the log line `ready`. */
function readyUrl(
  child: ChildProcess,
  exited: Promise<number | null>,
  log: string[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        log.push(line);
        if (log.length > keptLines) log.shift();
        const entry = parseLine(line);
        if (entry?.msg === "ready" && entry.url !== undefined) resolve(entry.url);
      });
    }
    child.once("error", reject);
    void exited.then((code) => {
      reject(new Error(`ended with ${code ?? "a signal"} before it was ready:\n${log.join("\n")}`));
    });
  });
}

function parseLine(line: string): { readonly msg?: string; readonly url?: string } | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as { msg?: string; url?: string };
  } catch {
    return null; // a line of another program that happens to begin with a brace
  }
}
