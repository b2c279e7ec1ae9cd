// Sends what lies in the outbox, beside all other work of the gateway: tasks write rows and never
// wait for a receiver. Each channel has slots of its own and each address is sent one message at a
// time, so that neither a server that is down nor a webhook that hangs holds up the others. An
// attempt ends after sendTimeout; what failed is tried again, for a day.

import type { Clock, Timer } from "../common/clock.ts";
import { Lane } from "../common/lane.ts";
import type { Log } from "../common/log.ts";
import { notifyChannels, type NotifyChannel } from "../common/notify-options.ts";
import type { Database } from "../common/pg.ts";
import { type Duration, seconds } from "../common/time.ts";
import { EmailChannel, type MailServer } from "./email-channel.ts";
import { sendHttp } from "./http-channels.ts";
import type { Notification } from "./notification.ts";
import { giveUp, markFailed, markSent, type Room, takeDue } from "./outbox.ts";

export interface NotifierOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** Null: e-mail is left to other gateways, and given up after a day if there are none. */
  readonly mailServer: MailServer | null;
  /** Null: webhooks are not signed. */
  readonly webhookSecret: string | null;
  /** Told of each attempt. */
  readonly onAttempt: (channel: NotifyChannel, outcome: "sent" | "failed") => void;
}

const poll = seconds(1);
const sendTimeout = seconds(10);
const slotsPerChannel = 8;
const giveUpAfter = seconds(86_400);
/** Milliseconds between two looks for what is to be given up. */
const giveUpPoll = 30_000;

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #email: EmailChannel | null;
  readonly #lane: Lane;
  /** What is being sent, by `channel target`. */
  readonly #busy = new Map<string, { channel: NotifyChannel; sending: Promise<void> }>();
  readonly #abort = new AbortController();
  #gaveUpAt = Number.NEGATIVE_INFINITY;

  constructor(options: NotifierOptions) {
    const { clock, log, mailServer } = options;
    this.#options = options;
    this.#email = mailServer === null ? null : new EmailChannel(mailServer);
    this.#lane = new Lane({
      clock,
      name: "notify",
      work: () => this.#sendDue(),
      onError: (error, where) => log.warn({ err: error, where }, "will retry"),
    });
  }

  start(): void {
    this.#lane.start();
  }

  /** Ends the attempts that are under way; others go on with them. */
  async stop(): Promise<void> {
    this.#abort.abort(new Error("the gateway stopped"));
    await this.#lane.stop();
    await Promise.all([...this.#busy.values()].map(({ sending }) => sending));
  }

  async #sendDue(): Promise<Duration> {
    const { database, clock, log } = this.#options;
    if (clock.monotonic() - this.#gaveUpAt >= giveUpPoll) {
      const count = await giveUp(database, giveUpAfter);
      if (count > 0) log.warn({ count }, "gave up notifications that could not be sent for a day");
      this.#gaveUpAt = clock.monotonic();
    }
    if (this.#abort.signal.aborted) return poll;
    const due = await takeDue(database, this.#room(), [...this.#busy.keys()]);
    for (const notification of due) this.#begin(notification);
    return poll;
  }

  #room(): Room {
    const used = [...this.#busy.values()];
    const free = (channel: NotifyChannel) =>
      channel === "email" && this.#email === null
        ? 0
        : slotsPerChannel - used.filter((one) => one.channel === channel).length;
    return Object.fromEntries(notifyChannels.map((channel) => [channel, free(channel)]));
  }

  #begin(notification: Notification): void {
    const { channel, target } = notification;
    const key = `${channel} ${target}`;
    const sending = this.#attempt(notification)
      .catch((error: unknown) => {
        // It was not recorded how the attempt ended: it will be made again.
        this.#options.log.warn({ err: error, where: "notify" }, "will retry");
      })
      .finally(() => {
        this.#busy.delete(key);
        this.#lane.note();
      });
    this.#busy.set(key, { channel, sending });
  }

  async #attempt(notification: Notification): Promise<void> {
    const { database, log, onAttempt } = this.#options;
    const { notificationId, channel, target } = notification;
    try {
      await this.#send(notification);
    } catch (error) {
      const message = wordsOf(error);
      log.info({ notification: notificationId, channel, error: message }, "notification not sent");
      onAttempt(channel, "failed");
      return markFailed(database, notificationId, message);
    }
    log.debug({ notification: notificationId, channel, target }, "notification sent");
    onAttempt(channel, "sent");
    return markSent(database, notificationId);
  }

  async #send(notification: Notification): Promise<void> {
    const abort = new AbortController();
    const stop = () => abort.abort(this.#abort.signal.reason);
    this.#abort.signal.addEventListener("abort", stop, { once: true });
    const timer: Timer = this.#options.clock.after(sendTimeout, () =>
      abort.abort(new Error(`no answer within ${sendTimeout / 1000} s`)),
    );
    try {
      await this.#through(notification, abort.signal);
    } finally {
      timer.cancel();
      this.#abort.signal.removeEventListener("abort", stop);
    }
  }

  async #through(notification: Notification, signal: AbortSignal): Promise<void> {
    const { channel } = notification;
    if (channel !== "email") {
      return sendHttp({ ...notification, channel }, this.#options.webhookSecret, signal);
    }
    if (this.#email === null) throw new Error("this gateway has no mail server");
    return this.#email.send(notification, signal);
  }
}

/** fetch says only "fetch failed"; the reason is behind it. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${causeOf(error.cause)}` : "";
  return `${error.message}${cause}`;
}

function causeOf(cause: Error): string {
  const code = (cause as { code?: unknown }).code;
  return cause.message === "" ? String(code) : cause.message;
}
