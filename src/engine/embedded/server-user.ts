// PostgreSQL refuses to run as root. Started by root, the server runs as another user: the owner of
// an existing data directory, else nobody (65534); where that user could not reach the files (a
// private parent folder), in a user namespace in which root's files belong to nobody. Started by
// anybody else, it runs as they.

import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { GatewayError } from "../../common/gateway-error.ts";
import type { Binaries } from "./binaries.ts";

const nobody = 65534;

/** How the server's programs are started. */
export type ServerUser =
  | { readonly kind: "self" }
  | { readonly kind: "uid"; readonly uid: number; readonly gid: number }
  | { readonly kind: "namespace" };

/** The command line that runs `program` as `user`, and the spawn options that go with it. */
export function commandAs(
  user: ServerUser,
  program: string,
  args: readonly string[],
): { command: string; args: string[]; options: { uid?: number; gid?: number } } {
  switch (user.kind) {
    case "self":
      return { command: program, args: [...args], options: {} };
    case "uid":
      return { command: program, args: [...args], options: { uid: user.uid, gid: user.gid } };
    case "namespace": {
      const map = ["-U", `--map-user=${nobody}`, `--map-group=${nobody}`];
      return { command: "unshare", args: [...map, program, ...args], options: {} };
    }
  }
}

/**
 * Decides for a data directory that exists (`owner` of its cluster) or is still to be made (`owner`
 * null). Throws GW-EMBEDDED if nothing works on this machine.
 */
export function chooseServerUser(
  binaries: Binaries,
  dataDirectory: string,
  owner: { readonly uid: number; readonly gid: number } | null,
): ServerUser {
  const me = process.getuid?.() ?? 1;
  if (me !== 0) {
    if (owner !== null && owner.uid !== me && process.getuid !== undefined) {
      throw new GatewayError("GW-EMBEDDED", `data directory ${dataDirectory} is another user's`, {
        hint: "Start as that user, or set SLUICE_DATA_DIR to a directory of your own.",
      });
    }
    return { kind: "self" };
  }
  if (owner !== null && owner.uid !== 0) return { kind: "uid", uid: owner.uid, gid: owner.gid };
  const candidates: ServerUser[] = [];
  const reachable = openToAll(dirname(binaries.postgres)) && openToAll(dataDirectory);
  if (owner === null && reachable && hasName(nobody)) {
    candidates.push({ kind: "uid", uid: nobody, gid: nobody });
  }
  candidates.push({ kind: "namespace" });
  const chosen = candidates.find((user) => canRun(user, binaries));
  if (chosen !== undefined) return chosen;
  throw new GatewayError("GW-EMBEDDED", "PostgreSQL does not run as root", {
    detail: "Neither another user nor a user namespace can run it here.",
    hint: "Start as an ordinary user, or set SLUICE_DATABASE_URL.",
  });
}

/** True if any user may pass through every folder from the root down to `path`. */
function openToAll(path: string): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (((statSync(folder, { throwIfNoEntry: false })?.mode ?? 0o001) & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** PostgreSQL looks its user up by number: one without a name is refused. */
function hasName(uid: number): boolean {
  try {
    const users = readFileSync("/etc/passwd", "utf8").split("\n");
    return users.some((line) => line.split(":")[2] === String(uid));
  } catch {
    return false;
  }
}

function canRun(user: ServerUser, binaries: Binaries): boolean {
  const { command, args, options } = commandAs(user, binaries.postgres, ["--version"]);
  const answer = spawnSync(command, args, { ...options, encoding: "utf8", timeout: 10_000 });
  return answer.status === 0 && answer.stdout.includes("PostgreSQL");
}
