// Values from PostgreSQL's text to both row formats, against what a real Flink sent for the same
// values, and the edges that Flink's types do not have.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { LogicalType } from "../../../src/protocol/logical-type.ts";
import { wallClock } from "../../../src/gateway/result/fixed-row.ts";
import { javaFloat } from "../../../src/gateway/result/java-text.ts";
import { jsonValue } from "../../../src/gateway/result/json-row.ts";
import { columnType, type TypeShape } from "../../../src/gateway/result/logical-type.ts";
import { parseArray, parseBytes, parseComposite } from "../../../src/gateway/result/pg-literal.ts";
import { plainValue } from "../../../src/gateway/result/plain-row.ts";
import type { PgType } from "../../../src/gateway/result/query-result.ts";

interface Recorded {
  readonly sql: string;
  readonly zone?: string;
  readonly logicalType: LogicalType;
  readonly json: readonly string[];
  readonly plainText: readonly (string | null)[];
}

const recorded = readFileSync(new URL("./flink-types.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Recorded)
  .filter((one) => one.plainText.length === 1 && one.plainText[0] !== null);

/** How PostgreSQL's text of a value is rendered that Flink gave this type. */
function pgTypeOf(type: LogicalType): PgType | null {
  switch (type.type) {
    case "BOOLEAN":
      return { kind: "boolean" };
    case "SMALLINT":
    case "INTEGER":
    case "BIGINT":
      return { kind: "integer" };
    case "FLOAT":
      return { kind: "float", bits: 32 };
    case "DOUBLE":
      return { kind: "float", bits: 64 };
    case "DECIMAL":
      return { kind: "numeric", scale: type.scale };
    case "CHAR":
    case "VARCHAR":
      return { kind: "text" };
    case "BINARY":
    case "VARBINARY":
      return { kind: "bytes" };
    case "DATE":
      return { kind: "date" };
    case "TIME_WITHOUT_TIME_ZONE":
      return { kind: "time", precision: type.precision };
    case "TIMESTAMP_WITHOUT_TIME_ZONE":
      return { kind: "timestamp", precision: type.precision, zoned: false };
    case "TIMESTAMP_WITH_LOCAL_TIME_ZONE":
      return { kind: "timestamp", precision: type.precision, zoned: true };
    default:
      return null;
  }
}

/** Flink's plain text as PostgreSQL prints the same value. */
function asPostgres(text: string, type: LogicalType): string {
  switch (type.type) {
    case "BOOLEAN":
      return text === "TRUE" ? "t" : "f";
    case "BINARY":
    case "VARBINARY":
      return `\\x${text.slice(2, -1)}`;
    case "FLOAT":
    case "DOUBLE":
      return /\d/.test(text) ? text.replace(/\.0(E|$)/, "$1").replace("E", "e") : text;
    case "TIMESTAMP_WITHOUT_TIME_ZONE":
      return text.replace(/\.?0+$/, (zeros) => (text.includes(".") ? "" : zeros));
    case "TIMESTAMP_WITH_LOCAL_TIME_ZONE":
      return `${text.includes(".") ? text.replace(/\.?0+$/, "") : text}+08`;
    default:
      return text;
  }
}

const comparable = recorded.filter((one) => pgTypeOf(one.logicalType) !== null);

describe("values as a real Flink sent them", () => {
  test("there is something to compare", () => {
    expect(comparable.length).toBeGreaterThan(50);
  });

  test.each(comparable)("$sql ($zone)", (one) => {
    const type = pgTypeOf(one.logicalType) as PgType;
    const plain = one.plainText[0] as string;
    const text = asPostgres(plain, one.logicalType);
    expect(plainValue(type)(text)).toBe(plain);
    const ours = jsonValue(type)(text);
    // DECIMAL differs in notation (1E+2) and beyond 15 digits is a text on purpose.
    if (type.kind === "numeric") {
      expect(Number(JSON.parse(ours))).toBe(Number(one.json[0]));
    } else {
      expect(JSON.parse(ours)).toEqual(JSON.parse(one.json[0] ?? ""));
    }
  });
});

describe("numbers", () => {
  test.each([
    ["0", "0.0"],
    ["-0", "-0.0"],
    ["1", "1.0"],
    ["1e+10", "1.0E10"],
    ["1234567", "1234567.0"],
    ["9999999", "9999999.0"],
    ["10000000", "1.0E7"],
    ["12345678.5", "1.23456785E7"],
    ["0.001", "0.001"],
    ["0.00099", "9.9E-4"],
    ["1e-05", "1.0E-5"],
    ["1.7976931348623157e+308", "1.7976931348623157E308"],
    ["-33.333", "-33.333"],
    ["NaN", "NaN"],
    ["-Infinity", "-Infinity"],
  ])("float %s is %s", (text, java) => {
    expect(javaFloat(text)).toBe(java);
  });

  test.each([
    ["12.50", "12.5"],
    ["100.00", "100"],
    ["-0.10", "-0.1"],
    ["0.00", "0"],
    ["123456789012345", "123456789012345"],
    ["1234567890123456", '"1234567890123456"'],
    ["0.0000000000000000001", "0.0000000000000000001"],
    ["12345678901234567890.1200", '"12345678901234567890.12"'],
    ["NaN", "null"],
    ["-Infinity", "null"],
  ])("numeric %s is %s", (text, json) => {
    expect(jsonValue({ kind: "numeric", scale: null })(text)).toBe(json);
  });
});

describe("times beyond Flink's", () => {
  const zoned: PgType = { kind: "timestamp", precision: 6, zoned: true };
  const plain: PgType = { kind: "timestamp", precision: 6, zoned: false };
  test.each([
    [plain, "2026-01-31 12:12:43.12", '"2026-01-31T12:12:43.12"'],
    [zoned, "2026-01-31 12:12:43.12-03:30", '"2026-01-31T12:12:43.12Z"'],
    [zoned, "2026-01-31 12:12:43+05:53:28", '"2026-01-31T12:12:43Z"'],
    [plain, "0044-03-15 00:00:00 BC", '"-0043-03-15T00:00:00"'],
    [plain, "0001-03-15 00:00:00 BC", '"0000-03-15T00:00:00"'],
    [zoned, "12345-01-01 00:00:00+00", '"+12345-01-01T00:00:00Z"'],
    [plain, "infinity", "null"],
    [zoned, "-infinity", "null"],
    [{ kind: "date" }, "10000-01-01", '"+10000-01-01"'],
    [{ kind: "date" }, "-infinity", "null"],
    [{ kind: "time", precision: 6 }, "24:00:00", "null"],
  ] as [PgType, string, string][])("%j %s", (type, text, json) => {
    expect(jsonValue(type)(text)).toBe(json);
  });

  test("instants of our own rows stand in the session's zone", () => {
    expect(wallClock(0, "UTC")).toBe("1970-01-01T00:00:00");
    expect(wallClock(1_500, "Asia/Shanghai")).toBe("1970-01-01T08:00:01.5");
    expect(wallClock(-1, "UTC")).toBe("1969-12-31T23:59:59.999");
    expect(wallClock(0, "GMT-02:30")).toBe("1969-12-31T21:30:00");
  });
});

describe("values made of values", () => {
  test.each([
    ["{}", []],
    ["{1,NULL,3}", ["1", null, "3"]],
    ['{"a,b","q\\"\\\\","NULL",""}', ["a,b", 'q"\\', "NULL", ""]],
    [
      "{{1,2},{3,4}}",
      [
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    ["[0:1]={5,6}", ["5", "6"]],
    ['{"(1,\\"a b\\")"}', ['(1,"a b")']],
  ])("array %s", (text, items) => {
    expect(parseArray(text, ",")).toEqual(items);
  });

  test.each([
    ["()", [null]],
    ['(1,,"")', ["1", null, ""]],
    ['("a ""b""",c\\,d,"x,y")', ['a "b"', "c,d", "x,y"]],
    ['("(1,2)",)', ["(1,2)", null]],
  ])("composite %s", (text, fields) => {
    expect(parseComposite(text)).toEqual(fields);
  });

  test("bytes in both of PostgreSQL's formats", () => {
    expect(parseBytes("\\xcafe00").toString("hex")).toBe("cafe00");
    expect(parseBytes("a\\\\b\\000\\377").toString("hex")).toBe("615c6200ff");
  });
});

describe("logical types", () => {
  const shapes: Readonly<Record<number, TypeShape>> = {
    20000: { kind: "other" },
    20001: { kind: "array", element: 20000, delimiter: "," },
    20002: { kind: "domain", base: 1700, typmod: ((10 << 16) | 2) + 4 },
    20003: { kind: "composite", fields: [{ name: "a", oid: 23, typmod: -1 }] },
    20004: { kind: "array", element: 20003, delimiter: ";" },
  };
  const typeOf = (oid: number, typmod = -1) =>
    columnType(oid, typmod, (asked) => shapes[asked] ?? null).logical;
  const numeric = (precision: number, scale: number) => ((precision << 16) | (scale & 0x7ff)) + 4;
  test.each([
    [16, -1, { type: "BOOLEAN" }],
    [21, -1, { type: "SMALLINT" }],
    [26, -1, { type: "BIGINT" }],
    [1700, numeric(10, 2), { type: "DECIMAL", precision: 10, scale: 2 }],
    [1700, numeric(38, 38), { type: "DECIMAL", precision: 38, scale: 38 }],
    [1700, numeric(39, 2), { type: "DECIMAL", precision: 38, scale: 18 }],
    [1700, numeric(5, -2), { type: "DECIMAL", precision: 38, scale: 18 }],
    [1700, numeric(3, 5), { type: "DECIMAL", precision: 38, scale: 18 }],
    [1700, -1, { type: "DECIMAL", precision: 38, scale: 18 }],
    [1042, 8, { type: "CHAR", length: 4 }],
    [1043, 14, { type: "VARCHAR", length: 10 }],
    [1043, -1, { type: "VARCHAR", length: 2147483647 }],
    [1114, 3, { type: "TIMESTAMP_WITHOUT_TIME_ZONE", precision: 3 }],
    [1184, -1, { type: "TIMESTAMP_WITH_LOCAL_TIME_ZONE", precision: 6 }],
    [1083, 0, { type: "TIME_WITHOUT_TIME_ZONE", precision: 0 }],
    [1186, -1, { type: "VARCHAR", length: 2147483647 }],
    [1266, -1, { type: "VARCHAR" }],
    [705, -1, { type: "VARCHAR" }],
    [3802, -1, { type: "VARCHAR" }],
    [1007, -1, { type: "ARRAY", elementType: { type: "INTEGER", nullable: true } }],
    [20000, -1, { type: "VARCHAR" }],
    [20001, -1, { type: "ARRAY", elementType: { type: "VARCHAR" } }],
    [20002, -1, { type: "DECIMAL", precision: 10, scale: 2 }],
    [20003, -1, { type: "ROW", fields: [{ name: "a", fieldType: { type: "INTEGER" } }] }],
    [20004, -1, { type: "ARRAY", elementType: { type: "ROW" } }],
    [29999, -1, { type: "VARCHAR" }],
  ])("oid %i with typmod %i", (oid, typmod, type) => {
    expect(typeOf(oid, typmod)).toMatchObject({ ...type, nullable: true });
  });
});
