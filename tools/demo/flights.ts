// The flight records of the data sets package: real departures of 2001 in the United States, as
// lines for COPY. Three million rows come from a Parquet file, one row group at a time, so that
// memory stays bounded; the small set is JSON.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";

/** A part of the file, ready for COPY: tab-separated lines in the order of `flightColumns`. */
export interface FlightBatch {
  readonly lines: string;
  readonly rows: number;
  /** Rows of the whole file, for a bar. */
  readonly total: number;
}

export const flightColumns = ["departed_at", "delay", "distance", "origin", "destination"] as const;

const folder = new URL("../../node_modules/vega-datasets/data/", import.meta.url);

/** All flights of the chosen set, in the file's order. */
export function readFlights(size: "full" | "small"): AsyncGenerator<FlightBatch> {
  return size === "full" ? readParquet() : readJson();
}

/** The airports as CSV with a header: iata, name, city, state, country, latitude, longitude. */
export async function readAirports(): Promise<string> {
  return readFile(new URL("airports.csv", folder), "utf8");
}

async function* readParquet(): AsyncGenerator<FlightBatch> {
  const file = await asyncBufferFromFile(fileURLToPath(new URL("flights-3m.parquet", folder)));
  const metadata = await parquetMetadataAsync(file);
  const total = Number(metadata.num_rows);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
    yield { lines: rows.map(parquetLine).join(""), rows: rows.length, total };
    rowStart = rowEnd;
  }
}

async function* readJson(): AsyncGenerator<FlightBatch> {
  const text = await readFile(new URL("flights-20k.json", folder), "utf8");
  const rows = JSON.parse(text) as Record<string, unknown>[];
  yield { lines: rows.map(jsonLine).join(""), rows: rows.length, total: rows.length };
}

function parquetLine(row: Record<string, unknown>): string {
  const at = row["date"] instanceof Date ? row["date"].toISOString().slice(0, 19) : null;
  return line([at, row["delay"], row["distance"], row["origin"], row["destination"]]);
}

function jsonLine(row: Record<string, unknown>): string {
  const at = String(row["date"]).replaceAll("/", "-");
  return line([at, row["delay"], row["distance"], row["origin"], row["destination"]]);
}

/** One line of COPY's text format; the data holds no character that would need escaping. */
function line(values: readonly unknown[]): string {
  return `${values.map((value) => textOf(value as string | number | bigint | null)).join("\t")}\n`;
}

function textOf(value: string | number | bigint | null): string {
  return value === null ? "\\N" : value.toString();
}
