// Sending from the outbox: formats and signature, servers that are down or hang, and that each
// message arrives at least once whatever is killed.

import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../src/common/clock.ts";
import { silentLog } from "../../src/common/log.ts";
import { sql } from "../../src/common/sql.ts";
import { milliseconds } from "../../src/common/time.ts";
import type { MailServer } from "../../src/notify/email-channel.ts";
import { Notifier } from "../../src/notify/notifier.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { heldTimers, httpReceiver, mailReceiver } from "./receivers.ts";

const noon = "2026-03-01T12:00:00Z";
let database: TestDatabase;
let notifier: Notifier | null = null;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
afterEach(async () => {
  await notifier?.stop();
  notifier = null;
  await database.setClock(null);
  await database.query("DELETE FROM sluice_private.notifications");
});

/** Looks for work every few milliseconds instead of every second. */
function eager(clock: Clock): Clock {
  return { ...clock, sleep: (_, signal) => clock.sleep(milliseconds(5), signal) };
}

function start(
  options: { mailServer?: MailServer; webhookSecret?: string; clock?: Clock } = {},
): void {
  notifier = new Notifier({
    database: database.database,
    clock: eager(options.clock ?? systemClock),
    log: silentLog,
    mailServer: options.mailServer ?? null,
    webhookSecret: options.webhookSecret ?? null,
    onAttempt: () => undefined,
  });
  notifier.start();
}

/** A failure of the task `load` of the workflow `nightly`; gives its id. */
async function tell(channel: string, target: string): Promise<number> {
  const rows = await database.query<{ id: number }>(sql`
    INSERT INTO sluice_private.notifications
      (occasion, database, workflow, task, instance_id, task_instance_id, attempt, channel, target,
       facts)
    VALUES ('FAILURE', 'public', 'nightly', 'load', 'i1', 'k1', 3, ${channel}, ${target},
      '{"errorCode": "22012", "error": "division by <zero> & so", "trigger": "SCHEDULE"}')
    RETURNING notification_id AS id`);
  return rows[0]?.id ?? 0;
}

interface Row {
  readonly status: string;
  readonly attempts: number;
  readonly last_error: string | null;
  /** Seconds until the next attempt, by the database's clock. */
  readonly pause: number;
}

async function rowOf(id: number): Promise<Row> {
  const rows = await database.query<Row>(sql`
    SELECT status, attempts, last_error, extract(epoch FROM
      next_attempt - sluice_private.clock())::double precision AS pause
    FROM sluice.notifications WHERE notification_id = ${id}`);
  return rows[0] as Row;
}

/** Its row once this many attempts have failed: none else may try it for 15 s while one lasts. */
async function failed(id: number, attempts: number): Promise<Row> {
  return until(async () => {
    const row = await rowOf(id);
    return row.attempts === attempts && row.last_error !== null && row.pause !== 15 ? row : null;
  });
}

const sent = (id: number) => until(async () => (await rowOf(id)).status === "SENT");

async function advance(seconds: number): Promise<void> {
  await database.query(
    sql`UPDATE sluice_private.test_clock SET at = at + ${seconds} * interval '1 s'`,
  );
}

describe("formats", () => {
  test("a webhook receives JSON, signed over its bytes", async () => {
    const receiver = await httpReceiver();
    start({ webhookSecret: "s3cret" });
    const id = await tell("webhook", `${receiver.url}/hook`);
    await sent(id);
    const [one] = receiver.received;
    expect(one?.path).toBe("/hook");
    const hmac = createHmac("sha256", "s3cret")
      .update(one?.body ?? "")
      .digest("hex");
    expect(one?.headers["x-sluice-signature"]).toBe(`sha256=${hmac}`);
    expect(one?.headers["x-sluice-notification"]).toBe(String(id));
    const { at, ...document } = JSON.parse(one?.body ?? "") as Record<string, unknown>;
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(document).toEqual({
      notificationId: id,
      occasion: "FAILURE",
      database: "public",
      workflow: "nightly",
      table: null,
      task: "load",
      instanceId: "i1",
      taskInstanceId: "k1",
      attempt: 3,
      errorCode: "22012",
      error: "division by <zero> & so",
      trigger: "SCHEDULE",
    });
    await receiver.close();
  });

  // covers: S1-31
  test("Slack and DingTalk receive what they understand; a refusal counts", async () => {
    let refusals = 1;
    const receiver = await httpReceiver((request, response) => {
      const code = request.path === "/ding" && refusals-- > 0 ? 310000 : 0;
      response.end(JSON.stringify({ errcode: code, errmsg: "keywords not in content" }));
    });
    await database.setClock(noon);
    start();
    const slack = await tell("slack", `${receiver.url}/slack`);
    const ding = await tell("dingtalk", `${receiver.url}/ding`);
    await sent(slack);
    const row = await failed(ding, 1);
    expect(row.last_error).toBe(
      'DingTalk refused it: {"errcode":310000,"errmsg":"keywords not in content"}',
    );
    await advance(5);
    await sent(ding);
    const bodyOf = (path: string) =>
      JSON.parse(receiver.received.find((one) => one.path === path)?.body ?? "") as object;
    const title = "[Sluice] workflow public.nightly, task load: failed";
    expect(bodyOf("/slack")).toEqual({
      text: expect.stringMatching(/error: division by &lt;zero&gt; &amp; so/) as string,
    });
    expect(bodyOf("/ding")).toMatchObject({ msgtype: "markdown", markdown: { title } });
    await receiver.close();
  });

  // covers: S1-30
  test("mail goes through the server with user and password", async () => {
    const server = await mailReceiver();
    const url = `smtp://us%40er:pass@127.0.0.1:${server.port}`;
    start({ mailServer: { url, from: "sluice@example.com" } });
    await sent(await tell("email", "ops@example.com"));
    const [mail] = server.mails;
    expect(mail).toMatchObject({
      user: "us@er",
      from: "sluice@example.com",
      to: ["ops@example.com"],
    });
    expect(mail?.text).toContain("Subject: [Sluice] workflow public.nightly, task load: failed");
    expect(mail?.text).toContain("error: division by <zero> & so");
    await server.close();
  });
});

describe("faults", () => {
  test("a mail server that is down for an hour: retries within 5 s, doubling to 30 s", async () => {
    const server = await mailReceiver();
    const { port } = server;
    await server.close();
    await database.setClock(noon);
    start({ mailServer: { url: `smtp://127.0.0.1:${port}`, from: "sluice@example.com" } });
    const id = await tell("email", "ops@example.com");
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 6; attempt++) {
      const row = await failed(id, attempt);
      expect(row.last_error).toContain("ECONNREFUSED");
      pauses.push(row.pause);
      await advance(row.pause);
    }
    expect(pauses).toEqual([4, 8, 16, 30, 30, 30]);
    await failed(id, 7);
    const again = await mailReceiver(port);
    await advance(3600);
    await sent(id);
    expect(again.mails.map((mail) => mail.to)).toEqual([["ops@example.com"]]);
    expect(await rowOf(id)).toMatchObject({ status: "SENT", attempts: 8, last_error: null });
    await again.close();
  });

  test("what cannot be sent for a day is given up, with the reason", async () => {
    await database.setClock(noon);
    const receiver = await httpReceiver((_, response) => {
      response.statusCode = 503;
      response.end("over\ncapacity");
    });
    const hook = await tell("webhook", receiver.url);
    const mail = await tell("email", "ops@example.com");
    start();
    await failed(hook, 1);
    await notifier?.stop();
    await advance(86_400);
    start();
    await until(async () => (await rowOf(hook)).status === "GIVEN_UP");
    expect((await rowOf(hook)).last_error).toBe("HTTP 503 over capacity");
    const unsendable = await rowOf(mail);
    expect(unsendable).toMatchObject({ status: "GIVEN_UP", attempts: 0 });
    expect(unsendable.last_error).toBe("no gateway is configured for this channel");
    await receiver.close();
  });

  test("a webhook that hangs delays no other address, and is let go after 10 s", async () => {
    const hanging = await httpReceiver(() => undefined);
    const quick = await httpReceiver();
    await database.setClock(noon);
    const { clock, fireTimers } = heldTimers();
    const stuck: number[] = [];
    for (let turn = 0; turn < 3; turn++) stuck.push(await tell("webhook", hanging.url));
    start({ clock });
    await until(() => hanging.received.length === 1);
    const others = await Promise.all([tell("webhook", quick.url), tell("slack", quick.url)]);
    for (const id of others) await sent(id);
    // One message at a time for an address.
    expect(hanging.received.length).toBe(1);
    const [first = 0, second = 0] = stuck;
    expect((await rowOf(first)).attempts).toBe(1);
    expect((await rowOf(second)).attempts).toBe(0);
    fireTimers();
    expect((await failed(first, 1)).last_error).toBe("no answer within 10 s");
    await until(() => hanging.received.length === 2);
    await Promise.all([hanging.close(), quick.close()]);
  });

  test("twenty addresses that hang leave the other channels alone", async () => {
    const hanging = await httpReceiver(() => undefined);
    const quick = await httpReceiver();
    for (let turn = 0; turn < 20; turn++) await tell("webhook", `${hanging.url}/${turn}`);
    start();
    await until(() => hanging.received.length === 8);
    await sent(await tell("slack", quick.url));
    expect(hanging.received.length).toBe(8);
    await Promise.all([hanging.close(), quick.close()]);
  });

  test("two gateways send each message once", async () => {
    const receiver = await httpReceiver();
    for (let turn = 0; turn < 40; turn++) await tell("webhook", `${receiver.url}/${turn % 5}`);
    start();
    const first = notifier;
    start();
    await until(async () => {
      const open = await database.query(
        "SELECT FROM sluice.notifications WHERE status = 'PENDING'",
      );
      return open.length === 0;
    });
    await first?.stop();
    const ids = receiver.received.map((one) => one.headers["x-sluice-notification"]);
    expect(ids.length).toBe(40);
    expect(new Set(ids).size).toBe(40);
    await receiver.close();
  });

  test("killed between sending and recording: it is sent again, as the same message", async () => {
    let child: ChildProcess | undefined;
    const receiver = await httpReceiver((_, response) => {
      // It has arrived; the sender will never know. Later ones are answered.
      if (child?.killed === false) child.kill("SIGKILL");
      else response.end();
    });
    const id = await tell("webhook", receiver.url);
    const program = fileURLToPath(new URL("notifier-process.ts", import.meta.url));
    child = spawn(process.execPath, ["--import", "tsx", program, database.url], {
      stdio: "inherit",
    });
    const [, signal] = (await once(child, "exit")) as [number | null, string | null];
    expect(signal).toBe("SIGKILL");
    expect(receiver.received.length).toBe(1);
    expect(await rowOf(id)).toMatchObject({ status: "PENDING", attempts: 1 });
    await database.setClock(new Date(Date.now() + 20_000).toISOString());
    start();
    await sent(id);
    const ids = receiver.received.map((one) => one.headers["x-sluice-notification"]);
    expect(ids).toEqual([String(id), String(id)]);
    await receiver.close();
  });
});
