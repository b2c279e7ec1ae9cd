// Fields of a request body with the coercions of Flink's parser (ruling 57): numbers and booleans
// become text where text is wanted, texts become numbers; objects and arrays there are 400.

import { mismatch } from "./bad-request.ts";
import type { JsonObject } from "./read-body.ts";

/** Reads the fields of one request; throws BadRequest. */
export class Fields {
  readonly #body: JsonObject;
  readonly #requestClass: string;

  constructor(body: JsonObject, requestClass: string) {
    this.#body = body;
    this.#requestClass = requestClass;
  }

  /** A text, or null if absent or null. */
  text(name: string): string | null {
    return this.#scalar(name, this.#body[name]);
  }

  /** A map of texts; values may be null. Absent or null: empty. */
  nullableMap(name: string): ReadonlyMap<string, string | null> {
    const value = this.#body[name];
    if (value === undefined || value === null) return new Map();
    if (typeof value !== "object" || Array.isArray(value)) {
      throw mismatch(
        this.#requestClass,
        "Cannot deserialize value of type `java.util.LinkedHashMap<java.lang.String,java.lang.String>`",
      );
    }
    return new Map(
      Object.entries(value).map(([key, inner]) => [key, this.#scalar(name, inner)] as const),
    );
  }

  /** A map of texts without those that are null. */
  map(name: string): ReadonlyMap<string, string> {
    const entries: [string, string][] = [];
    for (const [key, value] of this.nullableMap(name)) {
      if (value !== null) entries.push([key, value]);
    }
    return new Map(entries);
  }

  /** A whole number, or null if absent, null or the empty text. */
  integer(name: string): number | null {
    const value = this.#body[name];
    if (value === undefined || value === null || value === "") return null;
    if (typeof value === "number") return Math.trunc(value);
    if (typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value);
    throw mismatch(this.#requestClass, `Cannot deserialize value of type \`java.lang.Long\``);
  }

  /** A whole number that must be there. */
  requiredInteger(name: string): number {
    const value = this.integer(name);
    if (value === null) throw mismatch(this.#requestClass, nullPrimitive("int"));
    return value;
  }

  /** A boolean that must be there. */
  requiredBoolean(name: string): boolean {
    const value = this.#body[name];
    if (typeof value === "boolean") return value;
    if (typeof value === "number") return value !== 0;
    if (typeof value === "string" && /^(true|false)$/i.test(value.trim())) {
      return value.trim().toLowerCase() === "true";
    }
    throw mismatch(this.#requestClass, nullPrimitive("boolean"));
  }

  #scalar(name: string, value: unknown): string | null {
    switch (typeof value) {
      case "undefined":
        return null;
      case "string":
        return value;
      case "number":
      case "boolean":
        return String(value);
      default:
        if (value === null) return null;
        throw mismatch(
          this.#requestClass,
          `Cannot deserialize value of type \`java.lang.String\` (field "${name}")`,
        );
    }
  }
}

function nullPrimitive(type: string): string {
  return `Cannot map \`null\` into type \`${type}\``;
}
