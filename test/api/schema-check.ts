// Holds answers against the document that the gateway itself gives out: the part of JSON Schema
// that the document uses. An answer with a member that the document does not know is an error too.

export type Schema = Readonly<Record<string, unknown>>;

export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

export interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
      }
    >
  >;
}

/** The operation that serves a request; fixed segments win over parameters. */
export function operationOf(
  document: ApiDocument,
  method: string,
  path: string,
): Operation | undefined {
  const parts = path.split("/");
  const fits = Object.keys(document.paths).filter((template) => {
    const wanted = template.split("/");
    return (
      wanted.length === parts.length &&
      wanted.every((one, at) => one.startsWith("{") || one === parts[at])
    );
  });
  const [best] = fits.sort((a, b) => a.split("{").length - b.split("{").length);
  return best === undefined ? undefined : document.paths[best]?.[method.toLowerCase()];
}

/** What is wrong with a value, as `path: reason`; empty if nothing. */
export function mismatches(
  document: ApiDocument,
  schema: Schema,
  value: unknown,
  at = "$",
): string[] {
  const ref = schema["$ref"];
  if (typeof ref === "string") return mismatches(document, resolve(document, ref), value, at);
  const alternatives = (schema["anyOf"] ?? schema["oneOf"]) as readonly Schema[] | undefined;
  if (alternatives !== undefined) {
    const tries = alternatives.map((one) => mismatches(document, one, value, at));
    return tries.some((found) => found.length === 0) ? [] : tries.flat();
  }
  const both = schema["allOf"] as readonly Schema[] | undefined;
  if (both !== undefined) return both.flatMap((one) => mismatches(document, one, value, at));
  const words = schema["enum"] as readonly unknown[] | undefined;
  if (words !== undefined && !words.includes(value)) return [`${at}: ${String(value)} is no word`];
  const types = [schema["type"] ?? []].flat() as unknown as readonly string[];
  if (types.length > 0 && !types.some((type) => isOf(type, value))) {
    return [`${at}: ${JSON.stringify(value)} is not ${types.join(" or ")}`];
  }
  if (Array.isArray(value)) {
    const items = schema["items"] as Schema | undefined;
    return items === undefined
      ? []
      : value.flatMap((one, k) => mismatches(document, items, one, `${at}[${k}]`));
  }
  return typeof value === "object" && value !== null
    ? memberMismatches(document, schema, value as Readonly<Record<string, unknown>>, at)
    : [];
}

function memberMismatches(
  document: ApiDocument,
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  at: string,
): string[] {
  const members = (schema["properties"] ?? {}) as Readonly<Record<string, Schema>>;
  const rest = schema["additionalProperties"];
  const missing = ((schema["required"] ?? []) as readonly string[]).filter(
    (name) => !(name in value),
  );
  const found = missing.map((name) => `${at}.${name}: is missing`);
  for (const [name, one] of Object.entries(value)) {
    const member = members[name];
    if (member !== undefined) found.push(...mismatches(document, member, one, `${at}.${name}`));
    else if (typeof rest === "object" && rest !== null) {
      found.push(...mismatches(document, rest as Schema, one, `${at}.${name}`));
    } else if (schema["properties"] !== undefined)
      found.push(`${at}.${name}: is not in the document`);
  }
  return found;
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** Throws for a reference to what is not there. */
export function resolve(document: ApiDocument, ref: string): Schema {
  const name = ref.replace("#/components/schemas/", "");
  const schema = document.components?.schemas?.[name];
  if (schema === undefined) throw new Error(`${ref} does not exist`);
  return schema;
}
