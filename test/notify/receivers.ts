// Receivers of notifications for tests: an HTTP server and a mail server that keep what arrives,
// and timers that fire when the test says so.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { type Clock, systemClock } from "../../src/common/clock.ts";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpReceiver {
  readonly url: string;
  /** All requests so far. */
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** Answers as `answer` does; 200 and nothing if it is not given. */
export async function httpReceiver(
  answer: (request: Received, response: ServerResponse) => void = (_, response) => response.end(),
): Promise<HttpReceiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const one = { path: request.url ?? "", headers: request.headers, body };
      received.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Mail {
  readonly user: string | null;
  readonly from: string;
  readonly to: readonly string[];
  /** The message with its headers. */
  readonly text: string;
}

export interface MailReceiver {
  readonly port: number;
  readonly mails: readonly Mail[];
  close(): Promise<void>;
}

/** A mail server on the port (0: any free one) that takes whatever comes, with any password. */
export async function mailReceiver(port = 0): Promise<MailReceiver> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth: ({ username }, _, done) => done(null, { user: username ?? "" }),
    onData(stream, session, done) {
      let text = "";
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          user: session.user === undefined ? null : String(session.user),
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map((one) => one.address),
          text,
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The machine's clock, but timers of `after` fire only when `fireTimers` is called. */
export function heldTimers(): { readonly clock: Clock; fireTimers(): void } {
  const held = new Set<() => void>();
  return {
    clock: {
      ...systemClock,
      after(_, callback) {
        held.add(callback);
        return { cancel: () => void held.delete(callback) };
      },
    },
    fireTimers() {
      for (const callback of held) callback();
    },
  };
}
