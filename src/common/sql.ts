// SQL text is put together here and nowhere else. A string that came from a user enters as a
// parameter, a quoted identifier or a quoted literal; `trusted` is for text that PostgreSQL itself
// gave us (canonical queries) and for constants of ours.

declare const sqlBrand: unique symbol;

/** A piece of SQL with its parameters; nests in other pieces. */
export interface Sql {
  readonly [sqlBrand]: true;
  readonly chunks: readonly string[];
  /** One value between each two chunks. */
  readonly values: readonly unknown[];
  /** Set for a statement that each connection prepares once; its text never varies. */
  readonly name?: string;
}

function make(chunks: readonly string[], values: readonly unknown[]): Sql {
  return { chunks, values } as unknown as Sql;
}

function isSql(value: unknown): value is Sql {
  return typeof value === "object" && value !== null && "chunks" in value && "values" in value;
}

/** Template tag: `${sqlPart}` nests a piece, any other value becomes a parameter. */
export function sql(texts: TemplateStringsArray, ...parts: readonly unknown[]): Sql {
  const chunks: string[] = [texts[0] ?? ""];
  const values: unknown[] = [];
  const append = (text: string) => {
    chunks[chunks.length - 1] += text;
  };
  parts.forEach((part, index) => {
    if (isSql(part)) {
      append(part.chunks[0] ?? "");
      for (let k = 0; k < part.values.length; k++) {
        values.push(part.values[k]);
        chunks.push(part.chunks[k + 1] ?? "");
      }
    } else {
      values.push(part);
      chunks.push("");
    }
    append(texts[index + 1] ?? "");
  });
  return make(chunks, values);
}

/** Text that is SQL already and safe: canonical text from the server, or a constant of ours. */
export function trusted(text: string): Sql {
  return make([text], []);
}

/** A possibly qualified identifier, each part quoted: `ident("public", "t")` is `"public"."t"`. */
export function ident(...parts: readonly string[]): Sql {
  return trusted(parts.map(quoteIdent).join("."));
}

/** A quoted string literal, for utility statements that take no parameters. NULL for null. */
export function literal(value: string | null): Sql {
  return trusted(value === null ? "NULL" : quoteLiteral(value));
}

/** Pieces with a separator between them; nothing for an empty list. */
export function join(parts: readonly Sql[], separator = ", "): Sql {
  return parts.reduce(
    (whole, part, index) => (index === 0 ? part : sql`${whole}${trusted(separator)}${part}`),
    trusted(""),
  );
}

/** Quotes one identifier, always. */
export function quoteIdent(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a string literal whatever standard_conforming_strings says. */
export function quoteLiteral(value: string): string {
  const doubled = value.replaceAll("'", "''");
  return doubled.includes("\\") ? ` E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}

/**
 * A statement that is planned once per connection instead of at each call: for those that run many
 * times a second. The text must be the same at every call with this name.
 */
export function prepared(name: string, piece: Sql): Sql {
  return { ...piece, name };
}

/** The text with `$1…` and the list of values, as the driver takes them. */
export function compile(piece: Sql): {
  readonly text: string;
  readonly values: unknown[];
  readonly name?: string;
} {
  const text = piece.chunks.reduce((whole, chunk, index) => `${whole}$${index}${chunk}`);
  const { name } = piece;
  return { text, values: [...piece.values], ...(name === undefined ? {} : { name }) };
}
