// PostgreSQL's name of a type → the name that Flink has for the same thing; PostgreSQL's own where Flink has none.

const plain: Readonly<Record<string, string>> = {
  boolean: "BOOLEAN",
  smallint: "SMALLINT",
  integer: "INT",
  bigint: "BIGINT",
  real: "FLOAT",
  "double precision": "DOUBLE",
  text: "STRING",
  "character varying": "STRING",
  bytea: "BYTES",
  date: "DATE",
  "timestamp without time zone": "TIMESTAMP(6)",
  "timestamp with time zone": "TIMESTAMP_LTZ(6)",
  "time without time zone": "TIME(6)",
};

const withModifier: readonly (readonly [RegExp, (a: string, b: string) => string])[] = [
  [/^character varying\((\d+)\)$/, (n) => `VARCHAR(${n})`],
  [/^character\((\d+)\)$/, (n) => `CHAR(${n})`],
  [
    /^numeric\((\d+),(\d+)\)$/,
    (p, s) => (Number(p) > 38 ? `numeric(${p},${s})` : `DECIMAL(${p}, ${s})`),
  ],
  [/^timestamp\((\d)\) without time zone$/, (p) => `TIMESTAMP(${p})`],
  [/^timestamp\((\d)\) with time zone$/, (p) => `TIMESTAMP_LTZ(${p})`],
  [/^time\((\d)\) without time zone$/, (p) => `TIME(${p})`],
];

/** The name for DESCRIBE and the DDL of materialized tables; `postgres` is format_type text. */
export function flinkTypeName(postgres: string): string {
  if (postgres.endsWith("[]")) return `ARRAY<${flinkTypeName(postgres.slice(0, -2))}>`;
  const name = plain[postgres];
  if (name !== undefined) return name;
  for (const [pattern, render] of withModifier) {
    const match = pattern.exec(postgres);
    if (match !== null) return render(match[1] ?? "", match[2] ?? "");
  }
  return postgres;
}
