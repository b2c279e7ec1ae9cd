// `sluice doctor`: the checks that a gateway makes at its start, by themselves.

import { systemClock } from "../common/clock.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { loadConfig, mostConnections } from "../config.ts";
import type { Flags } from "./main.ts";

/**
 * Prints one line a check, with the statements to run where something is missing. 0 if a gateway
 * would start.
 */
export async function doctor(flags: Flags): Promise<number> {
  const config = await loadConfig({ flags, environment: process.env, folder: process.cwd() });
  const url = config["database-url"];
  if (url === null) {
    throw new GatewayError("GW-CONFIG", "no database to check", {
      hint: "Set SLUICE_DATABASE_URL or --database-url; Sluice's own PostgreSQL needs no check.",
    });
  }
  const { examine, renderFindings } = await import("../ops/doctor.ts");
  const findings = await examine({ url, clock: systemClock, connections: mostConnections(config) });
  process.stdout.write(`${renderFindings(findings)}\n`);
  return findings.some((finding) => finding.level === "fail") ? 1 : 0;
}
