// A pooler in transaction mode, as small as it can be: each transaction of a client runs on
// whichever server connection was used last. Startup options are refused, ignored or (unlike real
// ones) passed on as SET.

import { createServer, type Socket } from "node:net";
import pg from "pg";

/** What it does with the `options` of a startup packet. */
export type StartupOptions = "refuse" | "ignore" | "keep";

export interface TransactionPooler {
  readonly url: string;
  close(): Promise<void>;
}

interface Server {
  readonly socket: Socket;
  /** Startup options that it was opened with; it serves clients with the same ones only. */
  readonly options: string;
}

/** Listens on a free port in front of the database of `url`. */
export async function transactionPooler(
  url: string,
  startupOptions: StartupOptions,
): Promise<TransactionPooler> {
  const free: Server[] = [];
  const all: Server[] = [];
  const clients = new Set<Socket>();
  const take = async (options: string): Promise<Server> => {
    const index = free.findLastIndex((one) => one.options === options);
    const idle = free.splice(index, index < 0 ? 0 : 1)[0];
    if (idle !== undefined) return idle;
    const client = new pg.Client({ connectionString: url, ...(options === "" ? {} : { options }) });
    client.on("error", () => undefined);
    await client.connect();
    const socket = (client as unknown as { connection: { stream: Socket } }).connection.stream;
    socket.removeAllListeners("data");
    const server = { socket, options };
    all.push(server);
    return server;
  };
  const listener = createServer((socket) => {
    clients.add(socket);
    socket.on("error", () => socket.destroy());
    serve(socket, startupOptions, take, (server) => free.push(server));
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const own = new URL(url);
  own.host = `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  return {
    url: own.href,
    async close() {
      for (const socket of clients) socket.destroy();
      for (const { socket } of all) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function serve(
  socket: Socket,
  startupOptions: StartupOptions,
  take: (options: string) => Promise<Server>,
  give: (server: Server) => void,
): void {
  let server: Promise<Server> | null = null;
  let options = "";
  socket.once("data", (startup) => {
    const given = optionsOf(startup);
    if (given !== "" && startupOptions === "refuse") {
      socket.end(message("E", "SFATAL\0C08P01\0Munsupported startup parameter: options\0\0"));
      return;
    }
    if (startupOptions === "keep") options = given;
    socket.write(
      Buffer.concat([
        message("R", "\0\0\0\0"),
        message("K", "\0\0\0\x01\0\0\0\x02"),
        message("Z", "I"),
      ]),
    );
    socket.on("data", (chunk) => {
      if (chunk[0] === 0x58) return void socket.end(); // Terminate
      server ??= take(options).then((one) => {
        one.socket.on("data", (answer: Buffer) => {
          socket.write(answer);
          // ReadyForQuery, idle: the transaction is over (answers to these tests come in one piece)
          if (answer.subarray(-6).equals(message("Z", "I"))) {
            one.socket.removeAllListeners("data");
            server = null;
            give(one);
          }
        });
        return one;
      });
      void server.then((one) => one.socket.write(chunk));
    });
  });
}

function optionsOf(startup: Buffer): string {
  const words = startup.subarray(8).toString().split("\0");
  const at = words.indexOf("options");
  return at % 2 === 0 ? (words[at + 1] ?? "") : "";
}

function message(type: string, body: string): Buffer {
  const content = Buffer.from(body, "latin1");
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}
