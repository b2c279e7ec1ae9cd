// Where the real clients come from: the JDBC driver from Maven Central, the SQL Client's jars from
// PyPI and Maven Central, fetched once by the registries' own programs into a cache folder. A
// program that is not installed is named.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

export const flinkVersion = "2.3.0";

const cache = process.env["SLUICE_CLIENT_CACHE"] ?? join(homedir(), ".cache/sluice-clients");

/** Names of the programs that a client needs and this machine does not have. */
export function missingPrograms(client: "jdbc" | "sql-client"): string[] {
  const probes: [string, string[]][] = [
    ["java", ["-version"]],
    ["mvn", ["-version"]],
  ];
  if (client === "sql-client") probes.push(["python3", ["-m", "pip", "--version"]]);
  return probes.filter(([program, args]) => !works(program, args)).map(([program]) => program);
}

/**
 * Class path of the JDBC driver. The bundle leaves slf4j out; without it the driver does not load.
 */
export function jdbcClassPath(): string {
  const artifacts = [
    ["org.apache.flink", "flink-sql-jdbc-driver-bundle", flinkVersion],
    ["org.slf4j", "slf4j-api", "1.7.36"],
    ["org.slf4j", "slf4j-nop", "1.7.36"],
  ] as const;
  const folder = join(cache, "jdbc");
  return artifacts
    .map(([group, name, version]) => {
      const jar = join(folder, `${name}-${version}.jar`);
      if (!existsSync(jar)) fetchArtifact(`${group}:${name}:${version}`, folder);
      return jar;
    })
    .join(delimiter);
}

/**
 * Folder of the SQL Client: lib, opt and conf. The package of PyPI carries the jars; that is all
 * that is taken.
 */
export function sqlClientHome(): string {
  const home = join(cache, `flink-${flinkVersion}`);
  if (existsSync(join(home, "complete"))) return home;
  mkdirSync(join(home, "conf"), { recursive: true });
  const work = mkdtempSync(join(home, "fetch-"));
  const name = `apache-flink-libraries==${flinkVersion}`;
  run("python3", ["-m", "pip", "download", "-q", "--no-deps", "-d", work, name]);
  run("python3", ["-c", unpack, work, home]);
  fetchArtifact(`org.apache.flink:flink-sql-gateway:${flinkVersion}`, join(home, "opt"));
  writeFileSync(join(home, "conf/config.yaml"), "");
  writeFileSync(join(home, "conf/log4j.properties"), "rootLogger.level = OFF\n");
  rmSync(work, { recursive: true });
  writeFileSync(join(home, "complete"), "");
  return home;
}

/** Takes the jars out of the wheel or the source archive, whichever the registry had. */
const unpack = `
import glob, os, sys, tarfile, zipfile
work, home = sys.argv[1:]
for kind in ("lib", "opt"):
    os.makedirs(os.path.join(home, kind), exist_ok=True)
def wanted(name):
    parts = name.split("/")
    of_client = parts[-2] == "lib" or parts[-1].startswith("flink-sql-client")
    keep = name.endswith(".jar") and of_client
    return os.path.join(home, parts[-2], parts[-1]) if keep else None
for path in glob.glob(os.path.join(work, "*.whl")):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if wanted(name):
                open(wanted(name), "wb").write(archive.read(name))
for path in glob.glob(os.path.join(work, "*.tar.gz")):
    with tarfile.open(path) as archive:
        for member in archive:
            if wanted(member.name):
                open(wanted(member.name), "wb").write(archive.extractfile(member).read())
`;

function fetchArtifact(artifact: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const options = [`-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`];
  run("mvn", ["-q", "-B", "-Dstyle.color=never", "dependency:copy", ...options]);
}

function run(program: string, args: readonly string[]): void {
  const result = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (result.status !== 0) throw new Error(`${program} ended with ${result.status ?? "a signal"}`);
}

function works(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
