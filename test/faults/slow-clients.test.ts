// Clients that stall: half a request, half a body, a result that is asked for and never read. They
// cost nobody else anything, and the gateway still ends in good order.

import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RestSession } from "../../tools/demo/rest-session.ts";
import { type TestGateway, testGateway } from "../support/gateway.ts";

let gateway: TestGateway;
let session: RestSession;
const sockets: Socket[] = [];

beforeAll(async () => {
  gateway = await testGateway();
  session = await RestSession.open(gateway.url);
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
});

/** Opens a connection, sends a text and leaves it at that. */
function stall(text: string): Promise<void> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text, () => resolve()));
    socket.once("error", reject);
    sockets.push(socket);
  });
}

test("two hundred stalled requests hold up nobody", async () => {
  const path = `/v2/sessions/${session.handle}/statements`;
  const half = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n`;
  for (let count = 0; count < 100; count += 1) {
    await stall(half);
    await stall(`${half}\r\n{"statement": "SELECT `);
  }
  const rows = await session.execute("SELECT g FROM generate_series(1, 1000) AS g");
  expect(rows.rows).toHaveLength(1000);
});

test("a result that nobody reads holds up no transaction and no other statement", async () => {
  const { hostname, port } = new URL(gateway.url);
  const operation = await session.submit("SELECT repeat('x', 1000) FROM generate_series(1, 50000)");
  const path = `/v2/sessions/${session.handle}/operations/${operation}/result/0?rowFormat=JSON`;
  const socket = connect(Number(port), hostname, () => {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  });
  socket.pause();
  sockets.push(socket);
  expect((await session.execute("SELECT 1")).rows).toEqual([[1]]);
  const open = await gateway.database.query(
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'",
  );
  expect(open).toEqual([]);
});

test("the gateway stops although they are still there", async () => {
  const started = performance.now();
  await gateway.close();
  expect(performance.now() - started).toBeLessThan(15_000);
}, 30_000);
