// PostgreSQL's text format of values that are made of values: arrays, composites, bytea. The texts
// come from the server, so they are well formed; what is not understood is an assertion.

import { assert } from "../../common/assert.ts";

/** An array's element: its text, NULL, or the next dimension. */
export type ArrayItem = string | null | readonly ArrayItem[];

/**
 * Parses `{1,NULL,"a b"}`, with nested braces for more dimensions; bounds (`[0:1]={…}`) are
 * skipped.
 */
export function parseArray(text: string, delimiter: string): readonly ArrayItem[] {
  let at = text.startsWith("[") ? text.indexOf("=") + 1 : 0;
  const stack: ArrayItem[][] = [];
  for (;;) {
    const char = text[at];
    assert(char !== undefined, "array text ends early");
    if (char === "{") {
      stack.push([]);
      at += 1;
    } else if (char === "}") {
      const done = stack.pop() ?? [];
      const outer = stack[stack.length - 1];
      if (outer === undefined) return done;
      outer.push(done);
      at += 1;
    } else if (char === delimiter) {
      at += 1;
    } else {
      const item = char === '"' ? quoted(text, at) : bare(text, at, delimiter);
      stack[stack.length - 1]?.push(item.value);
      at = item.end;
    }
  }
}

/** Parses `(1,,"a ""b""")`: nothing between two commas is NULL, `""` is the empty text. */
export function parseComposite(text: string): readonly (string | null)[] {
  const fields: (string | null)[] = [];
  if (text === "()") return [null];
  let at = 1;
  while (at < text.length) {
    const field = compositeField(text, at);
    fields.push(field.value);
    at = field.end + 1;
  }
  return fields;
}

/** The bytes of `\xcafe` or of the older escape format. */
export function parseBytes(text: string): Buffer {
  if (text.startsWith("\\x")) return Buffer.from(text.slice(2), "hex");
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "\\") {
      bytes.push(text.charCodeAt(at));
    } else if (text[at + 1] === "\\") {
      bytes.push(92);
      at += 1;
    } else {
      bytes.push(Number.parseInt(text.slice(at + 1, at + 4), 8));
      at += 3;
    }
  }
  return Buffer.from(bytes);
}

interface Item {
  readonly value: string | null;
  /** Index after the item. */
  readonly end: number;
}

function quoted(text: string, start: number): Item {
  let value = "";
  let at = start + 1;
  while (text[at] !== '"') {
    assert(at < text.length, "quoted array element is not closed");
    if (text[at] === "\\") at += 1;
    value += text[at];
    at += 1;
  }
  return { value, end: at + 1 };
}

function bare(text: string, start: number, delimiter: string): Item {
  let at = start;
  while (at < text.length && text[at] !== delimiter && text[at] !== "}") at += 1;
  const value = text.slice(start, at);
  return { value: value.toUpperCase() === "NULL" ? null : value, end: at };
}

function compositeField(text: string, start: number): Item {
  let value = "";
  let at = start;
  let isQuoted = false;
  let seen = false;
  for (;;) {
    const char = text[at];
    assert(char !== undefined, "composite text ends early");
    if (!isQuoted && (char === "," || char === ")")) break;
    seen = true;
    if (char === '"' && isQuoted && text[at + 1] === '"') {
      value += '"';
      at += 2;
    } else if (char === '"') {
      isQuoted = !isQuoted;
      at += 1;
    } else {
      const escaped = char === "\\";
      value += escaped ? text[at + 1] : char;
      at += escaped ? 2 : 1;
    }
  }
  return { value: seen ? value : null, end: at };
}
