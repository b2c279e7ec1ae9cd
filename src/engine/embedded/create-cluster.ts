// Makes the PostgreSQL cluster of a data directory: initdb into a draft folder, renamed when it is
// whole, so that an interrupted attempt never counts. Callers hold the start lock.

import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, chownSync, mkdirSync, mkdtempSync, renameSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayError } from "../../common/gateway-error.ts";
import { type DataDirectory, readPasswords } from "./data-directory.ts";
import type { Binaries } from "./binaries.ts";
import { commandAs, type ServerUser } from "./server-user.ts";

/** What postgresql.conf says beyond its defaults; the owner of the directory may change it. */
const clusterSettings = [
  "",
  "# Sluice",
  "max_connections = 200",
  "timezone = 'UTC'",
  "log_timezone = 'UTC'",
  "log_line_prefix = '%m [%p] %q%u@%d '",
  "",
].join("\n");

/** Makes the cluster, with superuser `postgres` and the password of the data directory. */
export async function createCluster(
  directory: DataDirectory,
  binaries: Binaries,
  user: ServerUser,
): Promise<void> {
  const draft = `${directory.cluster}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const secret = mkdtempSync(join(tmpdir(), "sluice-"));
  try {
    const passwordFile = join(secret, "password");
    writeFileSync(passwordFile, readPasswords(directory).postgres, { mode: 0o600 });
    if (user.kind === "uid") {
      for (const path of [draft, secret, passwordFile]) chownSync(path, user.uid, user.gid);
    }
    await runInitdb(binaries, user, [`--pgdata=${draft}`, `--pwfile=${passwordFile}`]);
    appendFileSync(join(draft, "postgresql.conf"), clusterSettings);
    renameSync(draft, directory.cluster);
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
}

/** The exit code of a child, null if a signal ended it. Rejects if it could not be started. */
function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

async function runInitdb(
  binaries: Binaries,
  user: ServerUser,
  places: readonly string[],
): Promise<void> {
  const { command, args, options } = commandAs(user, binaries.initdb, [
    ...places,
    "--username=postgres",
    "--auth=scram-sha-256",
    "--no-locale",
    "--encoding=UTF8",
  ]);
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"], cwd: "/" });
  let output = "";
  const keep = (chunk: Buffer) => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  if ((await ended(child)) === 0) return;
  throw new GatewayError("GW-EMBEDDED", "could not create the PostgreSQL cluster", {
    detail: output.trim().split("\n").slice(-5).join(" "),
    hint: "Set SLUICE_DATA_DIR to another directory, or SLUICE_DATABASE_URL to a server.",
  });
}
