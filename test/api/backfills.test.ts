// Backfills over /api/v1: planned, run, paused, canceled, tried again.

import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { type ApiKit, apiKit } from "./kit.ts";

let kit: ApiKit;
beforeAll(async () => {
  kit = await apiKit();
  await kit.gateway.database.query("CREATE TABLE orders (ds text, amount int)");
  await kit.gateway.database.query(
    "INSERT INTO orders SELECT '2026-01-0' || g, g FROM generate_series(1, 9) g",
  );
  await kit.session.execute(
    `CREATE MATERIALIZED TABLE daily PARTITIONED BY (ds)
     WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd') FRESHNESS = INTERVAL '1' DAY
     REFRESH_MODE = FULL AS SELECT ds, sum(amount) AS total FROM orders GROUP BY ds`,
  );
});
afterAll(() => kit.close());

const week = { table: { name: "daily" }, from: "2026-01-01", to: "2026-01-06" };

function untilEnded(id: string) {
  return until(async () => {
    const { body } = await kit.get(`/api/v1/backfills/${id}`);
    return body.finishedAt === null ? null : body;
  }, 60_000);
}

test("a dry run tells the intervals and writes nothing", async () => {
  const { status, body } = await kit.post("/api/v1/backfills/dry-run", week);
  expect(status).toBe(200);
  expect(body.items.map((one: { partition: string }) => one.partition)).toEqual(
    [1, 2, 3, 4, 5].map((day) => `ds=2026-01-0${day}`),
  );
  expect((await kit.get("/api/v1/backfills")).body).toEqual({ items: [], next: null });
});

// covers: S1-63, S1-66, S1-67, S1-70, A-11, G-10
test("a backfill runs its intervals and keeps count", async () => {
  const created = await kit.post("/api/v1/backfills", week);
  expect([created.status, created.body.total]).toEqual([201, 5]);
  const id = created.body.backfillId;
  expect(await untilEnded(id)).toMatchObject({
    status: "SUCCESSFUL",
    tableName: "daily",
    total: 5,
    successful: 5,
    pending: 0,
  });
  const { body } = await kit.get(`/api/v1/backfills/${id}/intervals?status=SUCCESSFUL&limit=3`);
  expect(body.items.map((one: { ordinal: number }) => one.ordinal)).toEqual([0, 1, 2]);
  const rest = await kit.get(`/api/v1/backfills/${id}/intervals?cursor=${body.next}`);
  expect(rest.body.items).toHaveLength(2);
  const instance = await kit.get(`/api/v1/instances/${body.items[0].instanceId}`);
  expect(instance.body.instance).toMatchObject({ trigger: "BACKFILL", backfillId: id });
  const list = await kit.get("/api/v1/backfills?status=SUCCESSFUL&table=daily");
  expect(list.body.items).toMatchObject([{ backfillId: id }]);
  for (const verb of ["pause", "cancel"]) {
    expect(await kit.refused(kit.post(`/api/v1/backfills/${id}/${verb}`)), verb).toBe(
      "409 BF-ENDED",
    );
  }
  expect(await kit.refused(kit.post(`/api/v1/backfills/${id}/retry`))).toBe("409 BF-NOT-FAILED");
});

test("a backfill of a workflow is paused, goes on, is canceled", async () => {
  await kit.post("/api/v1/workflows", {
    name: "slow",
    schedule: { every: "1 DAY" },
    tasks: [{ name: "sleep", execute: "SELECT pg_sleep(30)" }],
  });
  const { body } = await kit.post("/api/v1/backfills", {
    workflow: { name: "slow" },
    from: "2026-01-01 00:00:00",
    to: "2026-01-04 00:00:00",
  });
  const path = `/api/v1/backfills/${body.backfillId}`;
  expect((await kit.post(`${path}/pause`)).status).toBe(200);
  expect((await kit.get(path)).body.status).toBe("PAUSED");
  expect((await kit.post(`${path}/resume`)).status).toBe(200);
  expect((await kit.get(path)).body.status).toMatch(/^(PENDING|RUNNING)$/);
  expect((await kit.post(`${path}/cancel`)).status).toBe(200);
  expect(await untilEnded(body.backfillId)).toMatchObject({ status: "CANCELED", skipped: 3 });
});

test("what cannot be is refused with codes", async () => {
  const create = (body: object) => kit.refused(kit.post("/api/v1/backfills", body));
  expect(await create({ ...week, from: "2026-01-06", to: "2026-01-01" })).toBe("400 BF-RANGE");
  expect(await create({ ...week, from: "never" })).toBe("400 BF-VALUE");
  expect(await create({ ...week, options: { colour: "red" } })).toBe("400 BF-OPTION-UNKNOWN");
  expect(await create({ ...week, table: { name: "nothing" } })).toBe("404 MT-NOTFOUND");
  expect(await create({ ...week, table: undefined, workflow: { name: "nothing" } })).toBe(
    "404 WF-NOTFOUND",
  );
  expect(await create({ ...week, workflow: { name: "slow" } })).toBe("400 GW-REQUEST");
  expect(await create({ ...week, table: undefined })).toBe("400 GW-REQUEST");
  expect(await create({ ...week, variables: { a: "b" } })).toBe("400 GW-REQUEST");
  expect(await kit.refused(kit.post("/api/v1/backfills/dry-run", { ...week, from: "never" }))).toBe(
    "400 BF-VALUE",
  );
  for (const verb of ["pause", "resume", "cancel", "retry"]) {
    const asked = kit.post(`/api/v1/backfills/nothing/${verb}`);
    expect(await kit.refused(asked), verb).toBe("404 BF-NOTFOUND");
  }
});
