// `npm run soak [-- --minutes n --seed n]`: two gateways on one PostgreSQL keep tables fresh, run
// workflows and backfills while a writer writes, and every few seconds one of them is killed with
// -9 and started again. Then the writer stops, what is left is done, and the database is asked
// whether anything was lost, done twice, or left behind (soak-checks.ts). Exits 1 if so.

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type BenchDatabase, benchDatabase } from "../../bench/embedded-database.ts";
import { RestSession } from "../demo/rest-session.ts";
import { type Product, startProduct } from "../product/start-product.ts";
import { checkAll } from "./soak-checks.ts";
import { makeWorld, type Writer, startWriter } from "./soak-world.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(process.pid) },
  },
});
const minutes = Number(values.minutes);
const random = generator(Number(values.seed));
/** Between two kills, milliseconds. */
const [shortest, longest] = [2000, 8000];

const database = await benchDatabase();
const gateways: Product[] = [];
let kills = 0;
let writer: Writer | null = null;
try {
  gateways.push(await start(database, 0), await start(database, 1));
  await makeWorld(database, await RestSession.open(gateways[0]?.url ?? ""));
  writer = startWriter(database, random);
  await killFor(minutes * 60_000);
  await writer.stop();
  const found = await checkAll(database, gateways[0]?.url ?? "");
  console.log(
    `seed ${values.seed}, ${minutes} min, ${kills} kills, ${writer.written} rows written`,
  );
  for (const line of found.counts) console.log(line);
  for (const line of found.faults) console.error(`FAULT ${line}`);
  console.log(found.faults.length === 0 ? "nothing lost, nothing twice" : "not right");
  process.exitCode = found.faults.length === 0 ? 0 : 1;
} finally {
  await writer?.stop();
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await database.close();
}

function start(on: BenchDatabase, index: number): Promise<Product> {
  return startProduct({
    dataDirectory: join(on.folder, `gateway-${index}`),
    databaseUrl: on.url,
    environment: { SLUICE_SCHEDULER_LEASE: "3 s" },
  });
}

/** One of the two dies, and comes back at once or after a while in which the other is alone. */
async function killFor(duration: number): Promise<void> {
  const end = performance.now() + duration;
  while (performance.now() < end) {
    await pause(shortest + random() * (longest - shortest));
    const index = random() < 0.5 ? 0 : 1;
    await gateways[index]?.kill();
    kills += 1;
    if (random() < 0.3) await pause(random() * 5000);
    gateways[index] = await start(database, index);
    if (kills % 10 === 0) console.log(`${kills} kills, ${await open(database)} instances open`);
  }
}

async function open(on: BenchDatabase): Promise<number> {
  const { rows } = await on.client.query("SELECT count(*)::int AS n FROM sluice_private.instances");
  return Number((rows[0] as { n: number }).n);
}

/** mulberry32: a run can be made again by its seed, as far as processes can. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
