// What the values of variables become for a scheduled time, what is refused when they are written,
// and how they are put into statements.

import { expect, test } from "vitest";
import { GatewayError } from "../../src/common/gateway-error.ts";
import { dataInterval, parseInstant } from "../../src/common/time.ts";
import { substituteText } from "../../src/scheduler/variables/references.ts";
import {
  checkOverrideNames,
  checkReferences,
  checkVariables,
  resolveVariables,
  type VariableLayers,
} from "../../src/scheduler/variables/resolve-variables.ts";
import { substituteSql } from "../../src/scheduler/variables/substitute-sql.ts";

function resolve(layers: VariableLayers, at = "2026-01-31T01:00:00Z", zone = "Europe/Berlin") {
  const scheduledAt = parseInstant(at);
  const interval = dataInterval(parseInstant("2026-01-30T01:00:00Z"), scheduledAt);
  const run = { scheduledAt, interval, workflow: "nightly", instanceId: "a".repeat(32) };
  return resolveVariables(layers, run, zone);
}

/** The value of one variable written as `value`. */
function valueOf(value: string, at?: string, zone?: string): string | undefined {
  return resolve({ workflow: { v: value } }, at, zone)["v"];
}

// covers: S1-07, S1-09
test.each([
  ["eu", "eu"],
  ["2026-01-01", "2026-01-01"],
  ["", ""],
  ["yyyyMMdd", "20260131"],
  ["yyyy-MM-dd HH:mm", "2026-01-31 02:00"],
  ["yy/MM dd HHmmss.SSS", "26/01 31 020000.000"],
  ["yyyy-MM-dd - 1 day", "2026-01-30"],
  ["yyyy-MM-dd + 1 month", "2026-02-28"],
  ["yyyy-MM-dd + 1 month - 1 month", "2026-01-28"],
  ["yyyyMMddHH-3 hours", "2026013023"],
  ["yyyy-MM-dd - 1 month truncate to month", "2025-12-01"],
  ["yyyy-MM-dd truncate to week", "2026-01-26"],
  ["yyyy-MM-dd TRUNCATE TO Year", "2026-01-01"],
  ["yyyy-MM-dd truncate to quarter + 1 day", "yyyy-MM-dd truncate to quarter + 1 day"],
  ["yyyy-MM-dd - 1 dya", "yyyy-MM-dd - 1 dya"],
  ["yyyy-MM-ddTHH", "yyyy-MM-ddTHH"],
  ["mm", "00"],
  ["s", "s"],
  ["${system.biz.date}", "20260130"],
  ["from ${interval.start} of ${workflow.name}", "from 2026-01-30T02:00:00+01:00 of nightly"],
])("the value %j at 02:00 on the last of January", (written, expected) => {
  expect(valueOf(written)).toBe(expected);
});

test.each([
  // Clocks go from 02:00 to 03:00 on 2026-03-29, from 03:00 to 02:00 on 2026-10-25.
  ["yyyy-MM-dd HH:mm - 1 day", "2026-03-30T00:30:00Z", "2026-03-29 03:00"],
  ["yyyy-MM-dd HH:mm - 24 hours", "2026-03-30T00:30:00Z", "2026-03-29 01:30"],
  ["yyyy-MM-dd HH:mm + 1 hour", "2026-10-25T00:30:00Z", "2026-10-25 02:30"],
  ["yyyy-MM-dd HH:mm truncate to hour", "2026-10-25T01:30:00Z", "2026-10-25 02:00"],
  ["dd HH:mm - 1 week", "2026-04-05T00:00:00Z", "29 03:00"],
  ["yyyy-MM-dd - 1 year", "2028-02-29T12:00:00Z", "2027-02-28"],
])("calendar steps and elapsed time around changed clocks: %j at %s", (written, at, expected) => {
  expect(valueOf(written, at)).toBe(expected);
});

// covers: S1-10, S1-11, S1-12, S1-14
test("the system's variables are those of the scheduled time in the workflow's zone", () => {
  expect(resolve({ workflow: {} }, "2026-12-31T23:30:00Z", "Asia/Kolkata")).toEqual({
    "system.biz.date": "20261231",
    "system.biz.curdate": "20270101",
    "system.datetime": "20270101050000",
    "interval.start": "2026-01-30T06:30:00+05:30",
    "interval.end": "2027-01-01T05:00:00+05:30",
    "workflow.name": "nightly",
    "instance.id": "a".repeat(32),
  });
});

// covers: S1-16
test("overrides win over the task, that over the workflow, that over the system", () => {
  const layers = {
    workflow: { a: "workflow", b: "workflow", c: "workflow", "system.biz.date": "-" },
    task: { a: "task", b: "task" },
    overrides: { a: "override" },
  };
  expect(resolve(layers)).toMatchObject({
    a: "override",
    b: "task",
    c: "workflow",
    "system.biz.date": "-",
    "system.biz.curdate": "20260131",
  });
});

// covers: S1-13
test("a value that names itself means the layer below", () => {
  const resolved = resolve({
    workflow: { "system.biz.date": "${system.biz.date}", path: "/in/${region}", region: "eu" },
    task: { region: "${region}-west" },
    overrides: { region: "x-${region}" },
  });
  expect(resolved["system.biz.date"]).toBe("20260130");
  expect(resolved["path"]).toBe("/in/x-eu-west");
});

test.each<[string, VariableLayers, string, string, string]>([
  [
    "a circle",
    { workflow: { a: "${b}", b: "${c}", c: "x${a}" } },
    "workflow",
    "a",
    'variable "a" is defined by itself',
  ],
  [
    "an undefined name",
    { workflow: { a: "x" }, task: { t: "${nothing}" } },
    "task",
    "t",
    'variable "nothing" is not defined',
  ],
  [
    "a circle that only the override makes",
    { workflow: { a: "${b}", b: "x" }, overrides: { b: "${a}" } },
    "overrides",
    "b",
    'variable "b" is defined by itself',
  ],
  [
    "the number of the attempt in a value",
    { workflow: { a: "${attempt}" } },
    "workflow",
    "a",
    'variable "attempt" is not known here',
  ],
  [
    "a fact of the run",
    { workflow: { "interval.start": "x" } },
    "workflow",
    "interval.start",
    'variable "interval.start" cannot be given a value',
  ],
  [
    "a step of ten thousand years",
    { workflow: { far: "yyyy - 10000 years" } },
    "workflow",
    "far",
    'variable "far" leads too far from the run',
  ],
  [
    "a reference without end",
    { workflow: { a: "${b" } },
    "workflow",
    "a",
    "reference to a variable has no closing brace",
  ],
])("refused when written: %s", (_, layers, layer, variable, message) => {
  const problem = checkVariables(layers);
  expect(problem).toMatchObject({ layer, variable });
  expect(problem?.error).toMatchObject({ code: "WF-VARIABLE", message });
});

test("values that double each other end at a limit instead of in memory", () => {
  const workflow = Object.fromEntries(
    Array.from({ length: 60 }, (_, k) => [
      `v${k}`,
      k === 59 ? "0123456789" : `\${v${k + 1}}`.repeat(2),
    ]),
  );
  expect(checkVariables({ workflow })?.error.message).toMatch(/^the value of variable ".+" is too/);
});

// covers: S1-08
test("a name may be written as it is referred to, but not twice", () => {
  const layers = { workflow: { "${date}": "yyyy", at: "${date}" }, overrides: { date: "1999" } };
  expect(resolve(layers)).toMatchObject({ date: "1999", at: "1999" });
  expect(checkReferences("${date}", "value", { workflow: { "${date}": "x" } })).toBeNull();
  expect(checkOverrideNames({ date: "x" }, [{ "${date}": "y" }])).toBeNull();
  const twice = checkVariables({ workflow: { date: "x", "${date}": "y" } });
  expect(twice).toMatchObject({ layer: "workflow", variable: "${date}" });
  expect(twice?.error.message).toBe('variable "date" is given two values');
});

test("overrides have names that the workflow, its tasks or the calendar know", () => {
  const known = [{ date: "yyyyMMdd" }, { region: "eu" }];
  expect(checkOverrideNames({ region: "us", "system.biz.date": "1" }, known)).toBeNull();
  expect(checkOverrideNames({ regoin: "us" }, known)?.error).toMatchObject({
    code: "WF-VARIABLE",
    message: 'the workflow has no variable "regoin"',
  });
});

test("references of a text are known when it is written", () => {
  const layers = { workflow: { date: "yyyy" } };
  const text = "SELECT '${date}' /* ${nope} */";
  expect(checkReferences(text, "sql", layers)?.message).toBe('variable "nope" is not defined');
  expect(checkReferences("SELECT ${attempt}, '${date}'", "sql", layers)).toBeNull();
  expect(checkReferences("${attempt}", "value", layers)?.message).toContain("not known here");
  // In PostgreSQL's eyes this is a dollar-quoted text, not a reference.
  expect(checkReferences("SELECT $a${nope}$a$", "sql", layers)).toBeNull();
});

test("plain values take values as they are", () => {
  expect(substituteText("${a}/${b}", { a: "it's", b: "" })).toBe("it's/");
  expect(() => substituteText("${c}", { a: "" })).toThrow(GatewayError);
});

const x = 'it\'s \\ a "b"';

test.each([
  ["SELECT '${v}'", x, `SELECT 'it''s \\ a "b"'`],
  ["SELECT E'${v}'", x, `SELECT E'it''s \\\\ a "b"'`],
  ["SELECT U&'${v}'", x, `SELECT U&'it''s \\\\ a "b"'`],
  ["SELECT E'a'\n'${v}'", "\\'", `SELECT E'a'\n'\\\\'''`],
  ['SELECT "${v}"', x, `SELECT "it's \\ a ""b"""`],
  ["SELECT $$${v}$$", x, `SELECT $$${x}$$`],
  ["SELECT $q$${v}$q$", "a$$b", "SELECT $q$a$$b$q$"],
  ["LIMIT ${v}", "10", "LIMIT 10"],
  ["SELECT -${v}", "1.5e3", "SELECT -1.5e3"],
  ["SELECT x = ${v}", "-1", "SELECT x = -1"],
  ["FROM report_${v}", "2026", 'FROM "report_2026"'],
  ["FROM ${v}_REPORT.t", "EU", 'FROM "eu_report".t'],
  ["SELECT 20${v}", "26", "SELECT 2026"],
  ["SELECT sel${v}", "ect", 'SELECT "select"'],
  ["-- up to ${v}\nSELECT 1", "7", "-- up to 7\nSELECT 1"],
  ["DO $$BEGIN PERFORM '${v}'; END$$", "it's", "DO $$BEGIN PERFORM 'it''s'; END$$"],
  ["DO $$BEGIN FOR i IN 1..${v} LOOP END LOOP; END$$", "3", null],
])("%j with %j", (text, v, expected) => {
  expect(substituteSql(text, { v })).toBe(expected ?? text.replace("${v}", v));
});

test.each([
  ["SELECT ${v}", "id"],
  ["SELECT ${v}", "1--"],
  ["SELECT ${v}", ""],
  ["SELECT ${v}", "2026-01-31"],
  ["SELECT -${v}", "-1"],
  ["SELECT a @${v}", "-1"],
  ["SELECT t.${v}", "1"],
  ["SELECT 1 -- ${v}", "x\n; DROP TABLE t"],
  ["SELECT /* ${v} */ 1", "*/"],
  ["FROM t_${v}", "a b"],
  ["FROM ${v}_t", "1"],
  ["SELECT $1${v}", "0"],
  ['SELECT "a"b${v}', "1"],
  ['SELECT "${v}"', ""],
  ["SELECT B'${v}'", "'"],
  ["SELECT $$${v}$$", "$$"],
  ["SELECT $$${v}$$", "$"],
  ["SELECT U&'${v}' UESCAPE '!'", "!0041"],
  ["SELECT E'\\${v}'", "n"],
  ["DO 'BEGIN PERFORM ''${v}''; END'", "'; DROP TABLE t; --"],
  ["DO $$print('${v}')$$ LANGUAGE plpython3u", "\\"],
  ["SELECT '${v}'", "\0"],
])("%j refuses %j", (text, v) => {
  expect(() => substituteSql(text, { v })).toThrow(
    expect.objectContaining({ code: "WF-VARIABLE" }),
  );
});
