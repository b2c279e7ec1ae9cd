// The stream of events: every event once and in order, across a lost connection, another gateway,
// and transactions that commit in another order than they wrote.

import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestGateway, testGateway } from "../support/gateway.ts";
import { until } from "../support/until.ts";
import { type ApiKit, apiKit } from "./kit.ts";

let kit: ApiKit;
let second: TestGateway;
beforeAll(async () => {
  kit = await apiKit();
  second = await testGateway({ database: kit.gateway.database });
});
afterAll(async () => {
  await second.close();
  await kit.close();
});

interface Received {
  readonly id: string;
  readonly event: string;
  readonly data: {
    readonly eventId: number;
    readonly kind: string;
    readonly detail: string | null;
  };
}

interface Stream {
  readonly received: Received[];
  readonly status: number;
  readonly type: string;
  /** Cuts the connection. */
  cut(): void;
}

async function open(
  url: string,
  query = "",
  headers: Record<string, string> = {},
): Promise<Stream> {
  const cutter = new AbortController();
  const answer = await fetch(`${url}/api/v1/events${query}`, {
    headers: { accept: "text/event-stream", ...headers },
    signal: cutter.signal,
  });
  const received: Received[] = [];
  const reading = readInto(answer, received);
  reading.catch(() => undefined); // an abort is how it ends
  return {
    received,
    status: answer.status,
    type: answer.headers.get("content-type") ?? "",
    cut: () => cutter.abort(),
  };
}

async function readInto(answer: Response, received: Received[]): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of answer.body ?? []) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(
        block
          .split("\n")
          .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
      );
      const data = fields.get("data");
      if (data === undefined) continue;
      received.push({
        id: fields.get("id") ?? "",
        event: fields.get("event") ?? "",
        data: JSON.parse(data) as Received["data"],
      });
    }
  }
}

/** Writes events of one transaction as the triggers do. */
async function write(detail: string, on: { query(text: string): Promise<unknown> }) {
  await on.query(
    `INSERT INTO sluice_private.events (kind, database, detail) VALUES ('TEST', 'public', '${detail}')`,
  );
}

const details = (stream: Stream) => stream.received.map((one) => one.data.detail);

test("goes on from Last-Event-ID, at another gateway, without loss or repetition", async () => {
  const { database } = kit.gateway;
  const first = await open(kit.gateway.url, "?kind=TEST");
  expect([first.status, first.type]).toEqual([200, "text/event-stream"]);
  // The stream begins with what happens after it was opened: wait until it is seen to.
  let tries = 0;
  await until(async () => {
    await write(`begin ${tries++}`, database);
    return first.received.length > 0;
  });
  for (let k = 0; k < 50; k++) await write(`a${k}`, database);
  await until(() => details(first).includes("a30"));
  first.cut();
  const last = first.received.at(-1);
  for (let k = 0; k < 50; k++) await write(`b${k}`, database);
  const resumed = await open(second.url, "?kind=TEST", { "last-event-id": last?.id ?? "" });
  await until(() => details(resumed).includes("b49"));
  resumed.cut();
  const all = [...details(first), ...details(resumed)].filter((one) => /^[ab]\d/.test(one ?? ""));
  const expected = ["a", "b"].flatMap((letter) =>
    Array.from({ length: 50 }, (_, k) => `${letter}${k}`),
  );
  expect(all).toEqual(expected);
  for (const one of resumed.received) expect(one.id).toBe(String(one.data.eventId));
});

test("waits for a transaction that wrote earlier and commits later", async () => {
  const late = new pg.Client({ connectionString: kit.gateway.database.url });
  await late.connect();
  const start = await kit.get("/api/v1/events?limit=1");
  const after = String(start.body.items[0]?.eventId ?? 0);
  const stream = await open(kit.gateway.url, `?kind=TEST&after=${after}`);
  await late.query("BEGIN");
  await write("early", late);
  await write("after early", kit.gateway.database);
  const other = await open(second.url, `?kind=TEST&after=${after}`);
  await late.query("COMMIT");
  await late.end();
  for (const one of [stream, other]) {
    await until(() => details(one).length === 2);
    expect(details(one)).toEqual(["early", "after early"]);
    one.cut();
  }
});

// covers: S1-78
test("tells of the work itself, filtered", async () => {
  const stream = await open(kit.gateway.url, "?table=told&after=0");
  await kit.session.execute(
    `CREATE MATERIALIZED TABLE told FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
     AS SELECT 1 AS one`,
  );
  await until(() => stream.received.some((one) => one.event === "INSTANCE_ENDED"));
  expect(stream.received.map((one) => one.event)).toEqual([
    "TABLE_CREATED",
    "INSTANCE_STARTED",
    "INSTANCE_ENDED",
  ]);
  stream.cut();
  const list = await kit.get("/api/v1/events?table=told&kind=INSTANCE_ENDED&status=SUCCESSFUL");
  expect(list.body.items).toHaveLength(1);
});

test("an id that is none is refused", async () => {
  for (const id of ["x", "-1", "1e5"]) {
    const answer = await fetch(`${kit.gateway.url}/api/v1/events`, {
      headers: { accept: "text/event-stream", "last-event-id": id },
    });
    expect([id, answer.status]).toEqual([id, 400]);
    expect(await answer.json()).toMatchObject({ error: { code: "GW-REQUEST" } });
  }
});

test("streams end when their gateway closes", async () => {
  const third = await testGateway({ database: kit.gateway.database });
  const answer = await fetch(`${third.url}/api/v1/events`, {
    headers: { accept: "text/event-stream" },
  });
  const reading = answer.text();
  await third.close();
  expect(await reading).toContain("retry: 1000");
});
