// Options: which source wins, what each kind takes, what is said of what is wrong.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { GatewayError } from "../../src/common/gateway-error.ts";
import { type Config, environmentName, gatewayOptions, loadConfig } from "../../src/config.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Given {
  readonly flags?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly yaml?: string;
}

function load({ flags = {}, env = {}, yaml }: Given): Promise<Config> {
  const file = join(folder, "sluice.yaml");
  rmSync(file, { force: true });
  if (yaml !== undefined) writeFileSync(file, yaml);
  return loadConfig({ flags, environment: env, folder });
}

async function complaint(given: Given): Promise<string> {
  const error = await load(given).then(
    () => new Error("was accepted"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof GatewayError)) throw error;
  expect(error.code).toBe("GW-CONFIG");
  return [error.message, error.detail, error.hint].filter((part) => part !== undefined).join(" | ");
}

test("every default is legal, every option has a variable of its own", async () => {
  const config = await load({});
  expect(config.port).toBe(8083);
  expect(config.host).toBe("127.0.0.1");
  expect(config["database-url"]).toBeNull();
  expect(config["materialized-table.default-freshness.full"]).toBe(3_600_000);
  expect(config["result.max-bytes"]).toBe(2 ** 30);
  expect(config["api-versions"]).toEqual(["V1", "V2"]);
  expect(config["allowed-hosts"]).toEqual([]);
  const names = gatewayOptions.map((option) => environmentName(option.key));
  expect(new Set(names).size).toBe(gatewayOptions.length);
  expect(environmentName("sessions.max-pinned")).toBe("SLUICE_SESSIONS_MAX_PINNED");
});

test.each([
  ["file", { yaml: "port: 1" }, 1],
  ["environment over file", { env: { SLUICE_PORT: "2" }, yaml: "port: 1" }, 2],
  ["flag over both", { flags: { port: "3" }, env: { SLUICE_PORT: "2" }, yaml: "port: 1" }, 3],
] as const)("%s", async (_, given, port) => {
  expect((await load(given)).port).toBe(port);
});

test("nested keys, dotted keys and lists of a file", async () => {
  const config = await load({
    yaml: "sessions:\n  max-pinned: 7\nsessions.max-num: 9\napi-versions: [V1, V4]\n",
  });
  expect(config["sessions.max-pinned"]).toBe(7);
  expect(config["sessions.max-num"]).toBe(9);
  expect(config["api-versions"]).toEqual(["V1", "V4"]);
});

test.each([
  ["sessions.idle-timeout", "10 min", 600_000],
  ["sessions.idle-timeout", "30 s", 30_000],
  ["sessions.idle-timeout", "1 h", 3_600_000],
  ["sessions.idle-timeout", "250", 250],
  ["result.memory", "16 MiB", 16_777_216],
  ["result.memory", "1.5 kB", 1500],
  ["flink-strict", "TRUE", true],
  ["log-level", "DEBUG", "debug"],
  ["allowed-origins", " https://a.test , https://b.test", ["https://a.test", "https://b.test"]],
] as const)("%s = %s", async (key, text, value) => {
  expect((await load({ flags: { [key]: text } }))[key]).toEqual(value);
});

test.each([
  [{ flags: { prot: "1" } }, "unknown option --prot | Perhaps you mean --port."],
  [
    { env: { SLUICE_DATABSE_URL: "x" } },
    "unknown option SLUICE_DATABSE_URL | Perhaps you mean SLUICE_DATABASE_URL.",
  ],
  [
    { env: { SLUICE_Q: "x" } },
    "unknown option SLUICE_Q | docs/reference/options.md lists them all.",
  ],
  [
    { flags: { port: "http" } },
    'invalid value "http" for option "port" | Expected a whole number, 0 or more.',
  ],
  [
    { flags: { "sessions.idle-timeout": "soon" } },
    `invalid value "soon" for option "sessions.idle-timeout" | Expected a duration such as '30 s', '10 min' or '1 h'.`,
  ],
  [
    { flags: { "api-versions": "V1,V9" } },
    'invalid value "V1,V9" for option "api-versions" | Expected a list of V1, V2, V3, V4.',
  ],
  [
    { flags: { "log-level": "loud" } },
    'invalid value "loud" for option "log-level" | Expected one of trace, debug, info, warn, error, silent.',
  ],
  [
    { flags: { host: "0.0.0.0" } },
    "host 0.0.0.0 is not a loopback address | Whoever reaches the port could run any SQL as the gateway's database role. | Put a proxy that authenticates in front, or accept the risk with --insecure.",
  ],
] as const)("refuses %j", async (given, text) => {
  expect(await complaint(given)).toBe(text);
});

test("a file is checked like everything else", async () => {
  const file = join(folder, "sluice.yaml");
  expect(await complaint({ yaml: "sesions:\n  max-num: 1" })).toBe(
    `unknown option "sesions.max-num" in ${file} | Perhaps you mean sessions.max-num.`,
  );
  expect(await complaint({ yaml: "port: [1" })).toContain(`${file} is not valid YAML`);
  expect(await complaint({ env: { SLUICE_CONFIG: "other.yaml" } })).toBe(
    `configuration file ${join(folder, "other.yaml")} does not exist`,
  );
});

test("beyond loopback only on request", async () => {
  expect((await load({ flags: { host: "0.0.0.0", insecure: "true" } })).host).toBe("0.0.0.0");
  expect((await load({ flags: { host: "127.0.0.2" } })).host).toBe("127.0.0.2");
});
