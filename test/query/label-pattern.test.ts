// Labels read backwards: which stretch of wall clock time carries one.

import { describe, expect, it } from "vitest";
import {
  rangeOfLabel,
  readJavaPattern,
  readTemplate,
  toJavaPattern,
} from "../../src/query/label-pattern.ts";

describe("to_char templates", () => {
  it.each([
    ["YYYY-MM-DD", "2024-02-29", "2024-02-29T00:00", "2024-03-01T00:00", "yyyy-MM-dd"],
    ["yyyymmdd", "20241231", "2024-12-31T00:00", "2025-01-01T00:00", "yyyyMMdd"],
    ["DD.MM.YYYY HH24", "01.03.2024 23", "2024-03-01T23:00", "2024-03-02T00:00", "dd.MM.yyyy HH"],
    [
      "YYYY-MM-DD HH24:MI:SS",
      "2024-03-01 23:59:59",
      "2024-03-01T23:59:59",
      "2024-03-02T00:00",
      "yyyy-MM-dd HH:mm:ss",
    ],
    ['YYYY"Q"Q', "2024Q4", "2024-10-01T00:00", "2025-01-01T00:00", "yyyy'Q'q"],
    ["YYYY-DDD", "2024-366", "2024-12-31T00:00", "2025-01-01T00:00", "yyyy-DDD"],
    ["YYYY", "0099", "0099-01-01T00:00", "0100-01-01T00:00", "yyyy"],
    ["IYYY-IW", "2020-53", "2020-12-28T00:00", "2021-01-04T00:00", null],
    ['YYYY"it\'s"', "2024it's", "2024-01-01T00:00", "2025-01-01T00:00", "yyyy'it''s'"],
    // Units beyond a gap are not used: the hull is the year.
    ["YYYY DD", "2024 15", "2024-01-01T00:00", "2025-01-01T00:00", "yyyy dd"],
  ])("%s of %s", (template, label, ...expected) => {
    const [from, to, java] = expected;
    const pattern = readTemplate(template);
    if (!pattern) throw new Error(`${template} was not understood`);
    const range = rangeOfLabel(pattern, label);
    expect([range?.from.toString(), range?.to.toString()]).toEqual([from, to]);
    expect(toJavaPattern(pattern)).toBe(java);
  });

  it.each([
    "Month",
    "YYYY-MON",
    "YY-MM",
    "FMYYYY",
    "YYYYTH",
    "SSSS",
    "YYYY SSSSS",
    "DDDD YYYY",
    "HH12",
    "AD YYYY",
    "YYYY\\-MM",
    "MM-DD",
    "J",
    "",
  ])("%s is not understood", (template) => {
    expect(readTemplate(template)).toBeNull();
  });

  it.each([
    ["YYYY-MM-DD", "2024-02-30"],
    ["YYYY-MM-DD", "2024-2-3"],
    ["YYYY-MM-DD", "2024-02-03 "],
    ["YYYY-MM-DD", "12024-02-03"],
    ["YYYY-MM-DD", "0000-01-01"],
    ["YYYY-YYYY", "2024-2025"],
    ["IYYY-IW", "2024-54"],
  ])("%s carries no label %s", (template, label) => {
    const pattern = readTemplate(template);
    expect(pattern && rangeOfLabel(pattern, label)).toBeNull();
  });
});

describe("Java patterns", () => {
  it.each([
    ["yyyy-MM-dd", "2024-02-29", "2024-02-29T00:00"],
    ["yyyy-MM-dd'T'HH", "2024-02-29T07", "2024-02-29T07:00"],
    ["uuuuMMddHHmm", "202402290730", "2024-02-29T07:30"],
  ])("%s of %s", (pattern, label, from) => {
    const read = readJavaPattern(pattern);
    expect(read && rangeOfLabel(read, label)?.from.toString()).toBe(from);
  });

  it.each(["yyyy-MMM", "yy-MM-dd", "yyyyy", "YYYY-MM-dd", "yyyy-MM-dd hh", "yyyy[-MM]", "HH"])(
    "%s is not understood",
    (pattern) => {
      expect(readJavaPattern(pattern)).toBeNull();
    },
  );
});
