// Creates the base tables of the demo and fills them by COPY, on a connection of its own: this is
// the user's data, which Sluice reads and never writes.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { flightColumns, readAirports, readFlights } from "./flights.ts";

const schema = `
  CREATE TABLE flights (
    departed_at timestamp NOT NULL,
    delay       integer,
    distance    integer,
    origin      text NOT NULL,
    destination text NOT NULL
  );
  CREATE TABLE airports (
    iata      text PRIMARY KEY,
    name      text NOT NULL,
    city      text,
    state     text,
    country   text,
    latitude  double precision,
    longitude double precision
  );
`;

/**
 * Fills `flights` and `airports`, and gives the number of flights. `onProgress` is told after each
 * batch.
 */
export async function loadBaseTables(
  client: pg.Client,
  size: "full" | "small",
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  await client.query(schema);
  const airports = "COPY airports FROM STDIN WITH (FORMAT csv, HEADER, NULL 'NA')";
  await copy(client, airports, await readAirports());
  let done = 0;
  for await (const batch of readFlights(size)) {
    await copy(client, `COPY flights (${flightColumns.join(", ")}) FROM STDIN`, batch.lines);
    done += batch.rows;
    onProgress(done, batch.total);
  }
  // A partition of one day is recomputed through this index.
  await client.query("CREATE INDEX flights_by_departure ON flights (departed_at)");
  await client.query("ANALYZE flights, airports");
  return done;
}

/** Sends a text through COPY. The stream must be made anew for each: a finished one is dead. */
async function copy(client: pg.Client, statement: string, text: string): Promise<void> {
  await pipeline(Readable.from(chunksOf(text)), client.query(copyFrom(statement)));
}

function* chunksOf(text: string): Generator<Buffer> {
  const size = 1 << 20;
  for (let start = 0; start < text.length; start += size) {
    yield Buffer.from(text.slice(start, start + size));
  }
}
