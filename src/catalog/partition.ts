// Partitions of a materialized table: a spec is a conjunction of key = value. A cell is one
// partition with its state in the ledger: MISSING, STALE, QUEUED, RUNNING, FRESH, FAILED or FROZEN.

/**
 * Value of a partition key as text that PostgreSQL casts to the column's type; null means IS NULL.
 */
export type PartitionValue = string | null;

/** Column → value; a subset of the keys names every partition that agrees with it. */
export type PartitionSpec = Readonly<Record<string, PartitionValue>>;

/**
 * Text form of a spec in key order: `k1=v1/k2=v2`; `/`, `=`, `%` and `\` are percent-encoded, NULL
 * is `\N`. The empty text is the single cell of an unpartitioned table.
 */
export function renderPartition(spec: PartitionSpec, keys: readonly string[]): string {
  return keys
    .filter((key) => key in spec)
    .map((key) => `${encodePart(key)}=${renderValue(spec[key] ?? null)}`)
    .join("/");
}

/** Reads the text form back; throws nothing, unknown escapes stay as they are. */
export function parsePartition(text: string): PartitionSpec {
  if (text === "") return {};
  const pairs = text.split("/").map((part): [string, PartitionValue] => {
    const at = part.indexOf("=");
    const value = part.slice(at + 1);
    return [decodePart(part.slice(0, at)), value === "\\N" ? null : decodePart(value)];
  });
  return Object.fromEntries(pairs);
}

function renderValue(value: PartitionValue): string {
  return value === null ? "\\N" : encodePart(value);
}

function encodePart(text: string): string {
  return text.replaceAll(/[%/=\\]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decodePart(text: string): string {
  return text.replaceAll(/%(25|2F|3D|5C)/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}
