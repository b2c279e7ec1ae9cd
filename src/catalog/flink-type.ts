// PostgreSQL's types in Flink's words, for the sentences that Flink's clients know. Pure.

const plain: Readonly<Record<string, string>> = {
  text: "STRING",
  bigint: "BIGINT",
  integer: "INT",
  smallint: "SMALLINT",
  boolean: "BOOLEAN",
  real: "FLOAT",
  "double precision": "DOUBLE",
  bytea: "BYTES",
  date: "DATE",
  numeric: "DECIMAL(38, 18)",
};

/**
 * `character varying(10)` is VARCHAR(10); a type that Flink lacks is a STRING there. With NOT NULL
 * where it is so.
 */
export function flinkType(type: string, nullable: boolean): string {
  return nullable ? bare(type) : `${bare(type)} NOT NULL`;
}

/** True for types whose values are texts: the only ones a date formatter can be for. */
export function isTextType(type: string): boolean {
  return /^(text|character varying|character|"char"|name|citext)\b/.test(type);
}

function bare(type: string): string {
  const known = plain[type];
  if (known !== undefined) return known;
  const [, name, inBrackets, zone] =
    /^([a-z ]+?)(?:\(([\d,]+)\))?( with(?:out)? time zone)?$/.exec(type) ?? [];
  switch (name) {
    case "character varying":
      return inBrackets === undefined ? "STRING" : `VARCHAR(${inBrackets})`;
    case "character":
      return `CHAR(${inBrackets ?? 1})`;
    case "numeric":
      return `DECIMAL(${(inBrackets ?? "38,18").replace(",", ", ")})`;
    case "timestamp":
      return `${zone === " with time zone" ? "TIMESTAMP_LTZ" : "TIMESTAMP"}(${inBrackets ?? 6})`;
    case "time":
      return `TIME(${inBrackets ?? 0})`;
    default:
      return type.endsWith("[]") ? `ARRAY<${bare(type.slice(0, -2))}>` : "STRING";
  }
}
