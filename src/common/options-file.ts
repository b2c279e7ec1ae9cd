// A file of options in YAML: nested keys are dotted ones, lists are texts with commas.

import { existsSync, readFileSync } from "node:fs";
import { GatewayError } from "./gateway-error.ts";

/**
 * Keys and values as texts; empty if there is no such file and there need not be one. Throws
 * GW-CONFIG.
 */
export async function readOptionsFile(
  path: string,
  mustExist: boolean,
): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  if (!existsSync(path)) {
    if (mustExist) throw new GatewayError("GW-CONFIG", `configuration file ${path} does not exist`);
    return values;
  }
  const yaml = await import("yaml"); // most gateways have no file
  const document = yaml.parseDocument(readFileSync(path, "utf8"));
  const broken = document.errors[0];
  if (broken) {
    throw new GatewayError("GW-CONFIG", `configuration file ${path} is not valid YAML`, {
      detail: broken.message,
    });
  }
  flatten(document.toJS() as unknown, "", values);
  return values;
}

/** Nested keys become dotted ones; lists become texts with commas. */
function flatten(value: unknown, key: string, into: Map<string, string>): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) into.set(key, value.map(String).join(","));
  else if (typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) {
      flatten(inner, key === "" ? name : `${key}.${name}`, into);
    }
  } else into.set(key, String(value as string | number | boolean));
}
