// Names resolved against a session, type names, identifiers of the refresh endpoint, session
// options.

import { describe, expect, it } from "vitest";
import { parseIdentifier } from "../../../src/gateway/statements/parse-identifier.ts";
import { flinkTypeName } from "../../../src/gateway/statements/read/flink-type.ts";
import { resolveDatabase, resolveObject } from "../../../src/gateway/statements/resolve-name.ts";
import { checkSessionOption, isOn } from "../../../src/common/session-options.ts";
import type { QualifiedName } from "../../../src/parser/ast/name.ts";
import type { Session } from "../../../src/gateway/session/session.ts";

const session = { catalog: "Shop", database: "public" } as unknown as Session;
const name = (...written: string[]): QualifiedName => ({
  parts: written.map((part) => part.toLowerCase()),
  written,
  position: 3,
});

describe("names", () => {
  it("take what is missing from the session", () => {
    expect(resolveObject(name("T"), session)).toEqual({
      catalog: "Shop",
      database: "public",
      name: "t",
    });
    expect(resolveObject(name("Shop", "S", "T"), session)).toEqual({
      catalog: "Shop",
      database: "s",
      name: "t",
    });
    expect(resolveDatabase(null, session)).toBe("public");
    expect(resolveDatabase(name("Shop", "s"), session)).toBe("s");
  });

  it("refuse another catalog, with the position of the name", () => {
    expect(() => resolveObject(name("other", "s", "t"), session)).toThrow(
      expect.objectContaining({ code: "GW-CATALOG-UNKNOWN", position: 3 }),
    );
    expect(() => resolveDatabase(name("a", "b", "c"), session)).toThrow(
      expect.objectContaining({ code: "GW-NAME" }),
    );
  });
});

describe("identifiers of the refresh endpoint", () => {
  it.each([
    ["`c`.`d`.`T`", ["c", "d", "T"]],
    ["c.D.t", ["c", "d", "t"]],
    ["t", ["t"]],
    ['`a``b`."C"', ["a`b", "C"]],
    ["größe", ["größe"]],
  ])("%s", (text, parts) => {
    expect(parseIdentifier(text).parts).toEqual(parts);
  });

  it.each(["", "not a name!", "a.", ".a", "a.b.c.d", "`a", "t; DROP TABLE x", "a..b"])(
    "is none: %j",
    (text) => {
      expect(() => parseIdentifier(text)).toThrow(expect.objectContaining({ code: "GW-NAME" }));
    },
  );
});

describe("type names", () => {
  it.each([
    ["text", "STRING"],
    ["character varying", "STRING"],
    ["character varying(10)", "VARCHAR(10)"],
    ["character(3)", "CHAR(3)"],
    ["integer", "INT"],
    ["bigint", "BIGINT"],
    ["numeric(10,2)", "DECIMAL(10, 2)"],
    ["numeric(50,2)", "numeric(50,2)"],
    ["numeric", "numeric"],
    ["timestamp without time zone", "TIMESTAMP(6)"],
    ["timestamp(3) with time zone", "TIMESTAMP_LTZ(3)"],
    ["integer[]", "ARRAY<INT>"],
    ["jsonb", "jsonb"],
    ["uuid[]", "ARRAY<uuid>"],
  ])("%s is %s", (postgres, flink) => {
    expect(flinkTypeName(postgres)).toBe(flink);
  });
});

describe("session options", () => {
  it.each([
    ["table.dml-sync", "true"],
    ["execution.runtime-mode", "batch"],
    ["table.local-time-zone", "Europe/Berlin"],
    ["table.local-time-zone", "GMT+02:00"],
    ["anything.else", "at all"],
  ])("accept %s = %s", (key, value) => {
    expect(() => checkSessionOption(key, value)).not.toThrow();
  });

  it.each([
    ["table.dml-sync", "yes", "GW-OPTION-VALUE"],
    ["execution.runtime-mode", "sideways", "GW-OPTION-VALUE"],
    ["table.local-time-zone", "Mars/Olympus", "GW-OPTION-VALUE"],
    ["table.sql-dialect", "unknown", "GW-OPTION-VALUE"],
    ["workflow.scheduler.type", "embedded", "GW-OPTION-GATEWAY"],
    ["flink-strict", "true", "GW-OPTION-GATEWAY"],
  ])("refuse %s = %s with %s", (key, value, code) => {
    expect(() => checkSessionOption(key, value)).toThrow(expect.objectContaining({ code }));
  });

  it("are on in any letter case, and off by default", () => {
    expect(isOn("table.dml-sync", "TRUE")).toBe(true);
    expect(isOn("table.dml-sync", undefined)).toBe(false);
  });
});
