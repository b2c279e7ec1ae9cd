// What a slot computes under each strategy, when and whether it runs, and what the ledger knows of
// partitions that come late, vanish, or lie before the beginning. On the database's virtual clock.

import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({ clock: "2024-01-04T12:00:00Z" });
  await world.db.query(`
    CREATE TABLE orders (id int PRIMARY KEY, ts timestamptz NOT NULL, shop text DEFAULT 'a');
    CREATE TABLE ready (ok boolean);
    INSERT INTO orders SELECT g, timestamptz '2024-01-01 01:00Z' + g * interval '1 day'
    FROM generate_series(0, 3) g`);
});
afterAll(() => world.close());

const daily = "SELECT to_char(ts, 'YYYY-MM-DD') AS ds, count(*) AS n FROM orders GROUP BY 1";
const byDay = (options: Record<string, string> = {}) => ({
  partitionKeys: ["ds"],
  options: { "partition.fields.ds.date-formatter": "yyyy-MM-dd", ...options },
});

async function advance(to: string): Promise<void> {
  await world.db.setClock(to);
  world.scheduler.wake();
}

const runsOf = (name: string, count: number) =>
  until(async () => {
    const runs = await world.runs(name);
    return runs.length >= count ? runs : null;
  });

const settled = (name: string) =>
  until(async () => {
    const open = await world.db.query(
      `SELECT FROM sluice.workflow_instances
       WHERE workflow = 'table:${name}' AND status IN ('PENDING', 'RUNNING')`,
    );
    return open.length === 0;
  });

//
test("one day: each strategy computes what it says", async () => {
  const icy = { "freeze.after": "2 d" };
  await world.create("latest", daily, byDay({ "refresh.partition.strategy": "latest" }));
  await world.create("everything", daily, byDay({ "refresh.partition.strategy": "ALL" }));
  await world.create("thawed", daily, byDay({ "refresh.partition.strategy": "all", ...icy }));
  await world.create("incremental", daily, byDay({ "refresh.partition.strategy": "incremental" }));
  await world.create("alone", daily, byDay({ "refresh.partition.strategy": "interval" }));
  await world.create("far", daily, byDay({ "refresh.lookback": "3 partitions" }));
  await advance("2024-01-05T00:00:01Z");
  const slot = async (name: string) => (await runsOf(name, 2))[1];
  expect(await slot("latest")).toBe("SCHEDULE SUCCESSFUL ds=2024-01-04");
  expect(await slot("everything")).toBe("SCHEDULE SUCCESSFUL");
  expect(await slot("thawed")).toBe("SCHEDULE SUCCESSFUL ds=2024-01-03,ds=2024-01-04");
  expect(await slot("incremental")).toBe("SCHEDULE SUCCESSFUL ds=2024-01-03,ds=2024-01-04");
  expect(await slot("far")).toBe(
    "SCHEDULE SUCCESSFUL ds=2024-01-01,ds=2024-01-02,ds=2024-01-03,ds=2024-01-04",
  );

  // Days later: the newest alone, the interval alone, or what was passed over too.
  await advance("2024-01-08T00:00:01Z");
  expect((await runsOf("latest", 3))[2]).toBe("SCHEDULE SUCCESSFUL ds=2024-01-07");
  expect((await runsOf("alone", 3))[2]).toBe("SCHEDULE SUCCESSFUL ds=2024-01-06,ds=2024-01-07");
  expect((await runsOf("incremental", 4))[3]).toBe("REPAIR SUCCESSFUL ds=2024-01-05");
  expect((await world.runs("alone")).length).toBe(3);
});

test("a delay lets slots run later, about the same interval", async () => {
  await world.create("delayed", daily, byDay({ "refresh.delay": "2 h" }));
  await advance("2024-01-09T00:00:01Z");
  const waiting = await until(async () => {
    const [task] = await world.db.query<{ detail: string; due: string }>(
      `SELECT t.detail, to_char(t.due_at AT TIME ZONE 'UTC', 'DD HH24:MI') AS due
       FROM sluice.workflow_instances i JOIN sluice.task_instances t USING (instance_id)
       WHERE i.workflow = 'table:delayed' AND i.status = 'PENDING'
         AND t.due_at > i.scheduled_at + interval '1 h'`,
    );
    return task ?? null;
  });
  expect(waiting).toEqual({ detail: "QUEUED", due: "09 02:00" });
  await advance("2024-01-09T02:00:00Z");
  expect((await runsOf("delayed", 2))[1]).toBe("SCHEDULE SUCCESSFUL ds=2024-01-07,ds=2024-01-08");
});

test("a condition: slots and typed REFRESH are passed over, errors fail the run", async () => {
  const options = { "refresh.condition": "SELECT ok FROM ready" };
  await world.create("choosy", "SELECT count(*) AS n FROM orders", { options });
  const refresh = async () => {
    const { status, detail } = await world.refresh("choosy");
    return `${status} ${detail ?? ""}`.trim();
  };
  expect(await refresh()).toBe("SKIPPED CONDITION");
  await world.db.query("INSERT INTO ready VALUES (NULL)");
  expect(await refresh()).toBe("SKIPPED CONDITION");
  await world.db.query("UPDATE ready SET ok = false");
  expect(await refresh()).toBe("SKIPPED CONDITION");
  await advance("2024-01-10T00:00:01Z");
  expect((await runsOf("choosy", 5))[4]).toBe("SCHEDULE SKIPPED CONDITION");
  await world.db.query("UPDATE ready SET ok = true");
  expect(await refresh()).toBe("SUCCESSFUL");
  await world.db.query("ALTER TABLE ready RENAME ok TO okay");
  expect(await refresh()).toBe("FAILED");
  const wrong = world.tables.setOptions(world.id("choosy"), { "refresh.condition": "SELECT oops" });
  await expect(wrong).rejects.toMatchObject({ code: "MT-OPTION-VALUE" });
  const two = world.tables.setOptions(world.id("choosy"), {
    "refresh.condition": "SELECT true; DROP TABLE ready",
  });
  await expect(two).rejects.toMatchObject({ code: "MT-OPTION-VALUE" });
});

test("several keys: a slice of time is repaired whole, an empty one known as such", async () => {
  const query =
    "SELECT to_char(ts, 'YYYY-MM-DD') AS ds, shop, count(*) AS n FROM orders GROUP BY 1, 2";
  const parts = { ...byDay(), partitionKeys: ["ds", "shop"] };
  await world.create("shops", query, parts);
  await world.db.query("INSERT INTO orders VALUES (50, '2024-01-10 05:00Z', 'b')");
  await advance("2024-01-13T00:00:01Z");
  await runsOf("shops", 3);
  await settled("shops");
  const ledger = await world.ledger("shops");
  expect(ledger.slice(4)).toEqual([
    "ds=2024-01-05 FRESH 0",
    "ds=2024-01-06 FRESH 0",
    "ds=2024-01-07 FRESH 0",
    "ds=2024-01-08 FRESH 0",
    "ds=2024-01-09 FRESH 0",
    "ds=2024-01-10/shop=b FRESH 1",
    "ds=2024-01-11 FRESH 0",
    "ds=2024-01-12 FRESH 0",
  ]);
  const marks = await world.db.query(
    `SELECT FROM sluice_private.cell_marks JOIN sluice_private.materialized_tables USING (table_id)
     WHERE name = 'shops'`,
  );
  expect(marks).toEqual([]);

  // A day that had no rows gets some, and loses them again.
  await world.db.query("INSERT INTO orders VALUES (51, '2024-01-12 05:00Z', 'c')");
  await world.refresh("shops", { ds: "2024-01-12" });
  expect((await world.ledger("shops")).slice(-1)).toEqual(["ds=2024-01-12/shop=c FRESH 1"]);
  await world.db.query("DELETE FROM orders WHERE id >= 50");
  await world.refresh("shops", { ds: "2024-01-12" });
  expect((await world.ledger("shops")).slice(-1)).toEqual(["ds=2024-01-12/shop=c FRESH 0"]);
});

// covers: G-25, G-28
test("late rows: the look-back takes them in, older ones a REFRESH; vanished ones go", async () => {
  await world.create("late", daily, byDay());
  await world.db.query(`
    INSERT INTO orders VALUES (60, '2024-01-12 23:00Z'), (61, '2024-01-02 23:00Z');
    DELETE FROM orders WHERE id = 3`);
  await advance("2024-01-14T00:00:01Z");
  expect((await runsOf("late", 2))[1]).toBe("SCHEDULE SUCCESSFUL ds=2024-01-12,ds=2024-01-13");
  await settled("late");
  expect(await world.rows("late")).toContain("(2024-01-12,1)");
  expect(await world.rows("late")).toContain("(2024-01-02,1)");
  await world.refresh("late", { ds: "2024-01-02" });
  expect(await world.rows("late")).toContain("(2024-01-02,2)");
  await world.refresh("late");
  const vanished = await world.db.query(
    `SELECT state, row_count, reason FROM sluice.partitions
     WHERE name = 'late' AND partition = 'ds=2024-01-04'`,
  );
  expect(vanished).toEqual([{ state: "FRESH", row_count: 0, reason: null }]);
  expect((await world.rows("late")).filter((row) => row.includes("2024-01-04"))).toEqual([]);
});

test("START_MODE is where the ledger begins", async () => {
  const clause = (kind: "FROM_NOW" | "FROM_TIMESTAMP", text: string) => ({
    kind,
    interval: null,
    timestamp: kind === "FROM_NOW" ? null : { text, local: false },
  });
  const at = clause("FROM_TIMESTAMP", "2024-01-11 06:00:00");
  await world.create("since", daily, { ...byDay(), startMode: at });
  const days = (...numbers: number[]) => numbers.map((day) => `ds=2024-01-${day}`);
  const cells = async (name: string) =>
    (await world.ledger(name)).map((line) => line.split(" ").slice(0, 2).join(" "));
  expect(await cells("since")).toEqual(days(11, 12, 13, 14).map((day) => `${day} FRESH`));

  const never = { ...byDay(), startMode: clause("FROM_NOW", "") };
  const created = await world.tables.create(world.request("fromnow", daily, never));
  expect(created.instanceId).toBeNull();
  expect(await cells("fromnow")).toEqual([]);

  // The gateway was away: what lies between the beginning and the first slot is missing, not lost.
  await advance("2024-01-18T00:00:01Z");
  await runsOf("fromnow", 2);
  await settled("fromnow");
  expect(await cells("fromnow")).toEqual(days(14, 15, 16, 17).map((day) => `${day} FRESH`));
  expect(await world.runs("fromnow")).toEqual([
    "SCHEDULE SUCCESSFUL ds=2024-01-16,ds=2024-01-17",
    "REPAIR SUCCESSFUL ds=2024-01-15,ds=2024-01-14",
  ]);
});

test("nothing failed without a row", () => {
  expect(world.errors).toEqual([]);
});
