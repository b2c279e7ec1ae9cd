// Is a pooler in the path, and of what kind? One in transaction mode hands each transaction to any
// of its servers: settings, temporary tables, LISTEN and advisory locks of a session get lost,
// which Sluice cannot work with.
//
// The probe: a first connection sets a value and looks at its backend; a second then holds a
// transaction open, which in transaction mode takes the server that the first had just used; then
// the first looks again.

import pg from "pg";

export type PoolerKind =
  | { readonly kind: "direct" }
  | { readonly kind: "session" }
  | { readonly kind: "transaction" }
  /** Startup options (which carry our settings) are refused or dropped. */
  | { readonly kind: "options"; readonly reason: string };

const mark = "sluice.probe";

/** Looks through two short connections. Rejects if the database cannot be reached. */
export async function probePooler(url: string): Promise<PoolerKind> {
  const first = clientOf(url);
  const second = clientOf(url);
  try {
    const refused = await connectWithOptions(first);
    if (refused !== null) return { kind: "options", reason: refused };
    await second.connect();
    const startup = await look(first);
    if (startup.mark !== "startup") return { kind: "options", reason: "they have no effect" };
    await first.query(`SET ${mark} = 'changed'`);
    await second.query("BEGIN");
    await second.query("SELECT 1");
    const again = await look(first);
    await second.query("ROLLBACK");
    if (again.mark !== "changed" || again.pid !== startup.pid) return { kind: "transaction" };
    const promised = (first as unknown as { processID: number }).processID;
    return promised === again.pid ? { kind: "direct" } : { kind: "session" };
  } finally {
    await Promise.allSettled([first.end(), second.end()]);
  }
}

function clientOf(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    application_name: "sluice",
    options: `-c ${mark}=startup`,
  });
  client.on("error", () => undefined); // shows in the statement that was running
  return client;
}

/** The pooler's complaint, or null if it took the options. */
async function connectWithOptions(client: pg.Client): Promise<string | null> {
  try {
    await client.connect();
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/unsupported startup parameter/i.test(message)) return message;
    throw error;
  }
}

async function look(client: pg.Client): Promise<{ mark: string; pid: number }> {
  const answer = await client.query<{ mark: string; pid: number }>(
    `SELECT current_setting('${mark}', true) AS mark, pg_backend_pid() AS pid`,
  );
  const row = answer.rows[0];
  if (row === undefined) throw new Error("the server answered nothing");
  return row;
}
