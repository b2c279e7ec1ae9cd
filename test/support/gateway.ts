// A whole gateway on a test database: in this process (quick; `crash` cuts it off from its database
// at once, so nothing more is settled), or as a child process that can really be killed.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock, systemRandom } from "../../src/common/clock.ts";
import { type Log, silentLog } from "../../src/common/log.ts";
import { loadConfig } from "../../src/config.ts";
import { startSluice } from "../../src/sluice.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { tcpProxy } from "./tcp-proxy.ts";

export interface TestGateway {
  /** Without a slash at the end. */
  readonly url: string;
  readonly database: TestDatabase;
  /** Ends the gateway in good order, and the database if it was made for this gateway. */
  close(): Promise<void>;
  /**
   * As near to kill -9 as one process allows: the database is gone at once, for good. The database
   * stays.
   */
  crash(): Promise<void>;
}

export interface TestGatewayOptions {
  /** Several gateways may share one; it is then the caller's to close. */
  readonly database?: TestDatabase;
  /** Options by key, as typed. */
  readonly options?: Readonly<Record<string, string>>;
  readonly log?: Log;
}

/** Starts a gateway in this process, on a free port. */
export async function testGateway(given: TestGatewayOptions = {}): Promise<TestGateway> {
  const database = given.database ?? (await testDatabase());
  const folder = mkdtempSync(join(tmpdir(), "sluice-gateway-"));
  const server = new URL(database.url);
  const proxy = await tcpProxy(server.hostname, Number(server.port));
  server.host = `127.0.0.1:${proxy.port}`;
  const config = await loadConfig({
    flags: {
      port: "0",
      "database-url": server.href,
      "data-dir": join(folder, "data"),
      ...given.options,
    },
    environment: {},
    folder,
  });
  const sluice = await startSluice(config, {
    clock: systemClock,
    random: systemRandom,
    log: given.log ?? silentLog,
  });
  let crashed = false;
  return {
    url: sluice.url,
    database,
    async close() {
      if (!crashed) await sluice.close();
      await proxy.close();
      if (given.database === undefined) await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
    async crash() {
      crashed = true;
      proxy.cut();
      // What is left of it in this process may end when it likes; it cannot reach anything any
      // more.
      await sluice.close().catch(() => undefined);
    },
  };
}

/** Where the system can: the child is killed when this process ends, however it ends. */
function dyingWithUs(): string[] {
  const setpriv = "/usr/bin/setpriv";
  return existsSync(setpriv) ? [setpriv, "--pdeathsig", "KILL", "--"] : [];
}

export interface SpawnedGateway {
  readonly url: string;
  readonly pid: number;
  /** Lines of its log so far, parsed. */
  readonly log: readonly Record<string, unknown>[];
  /** Resolves with the first line of the log, past or to come, that has this message. */
  line(message: string): Promise<Record<string, unknown>>;
  /** Sends a signal and resolves with exit code or signal when the process has ended. */
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/**
 * Starts a gateway as a child process; `environment` has its options. Rejects if it ends before it
 * is ready.
 */
export async function spawnGateway(
  environment: Readonly<Record<string, string>>,
  how: { readonly folder?: string; readonly uid?: number } = {},
): Promise<SpawnedGateway> {
  const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
  const words = [...dyingWithUs(), process.execPath, main];
  const [command = process.execPath, ...args] = words as readonly string[];
  const child = spawn(command, args, {
    cwd: how.folder ?? tmpdir(),
    env: { PATH: process.env["PATH"], SLUICE_PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    ...(how.uid === undefined ? {} : { uid: how.uid, gid: how.uid }),
  });
  const killLeft = () => child.kill("SIGKILL");
  process.once("exit", killLeft);
  const log: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  let complaints = "";
  let rest = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  child.stdout.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) log.push(JSON.parse(line) as Record<string, unknown>);
    for (const look of waiting) look();
  });
  const exit = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once("exit", (code, signal) => {
      process.removeListener("exit", killLeft);
      resolve(signal ?? code ?? -1);
    });
  });
  const line = (message: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const look = () => {
        const found = log.find((entry) => entry["msg"] === message);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void exit.then((code) => reject(new Error(`gateway ended with ${code}: ${complaints}`)));
    });
  const ready = await line("ready");
  return {
    url: String(ready["url"]),
    pid: child.pid ?? 0,
    log,
    line,
    kill(signal) {
      child.kill(signal);
      return exit;
    },
  };
}
