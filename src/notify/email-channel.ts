// Notifications by e-mail. The library is loaded with the first of them: most gateways send none.

import type { Transporter } from "nodemailer";
import { linesOf, type Notification, subjectOf } from "./notification.ts";

/** Where mail is handed in. */
export interface MailServer {
  /** smtp:// or smtps://, with user and password if it wants them. */
  readonly url: string;
  readonly from: string;
}

/** Milliseconds of silence after which a connection to the server is given up. */
const patience = 10_000;

export class EmailChannel {
  readonly #server: MailServer;
  #transport: Promise<Transporter> | null = null;

  constructor(server: MailServer) {
    this.#server = server;
  }

  /** Resolves when the server has taken the message; rejects otherwise, or if `signal` aborts. */
  async send(notification: Notification, signal: AbortSignal): Promise<void> {
    const transport = await this.#open();
    await transport.sendMail({
      from: this.#server.from,
      // Not as a text, which would be parsed as a list of addresses.
      to: { name: "", address: notification.target },
      subject: subjectOf(notification),
      text: `${linesOf(notification).join("\n")}\n`,
      // The same at each attempt: a mail program shows a repetition once.
      messageId: `<sluice-${notification.notificationId}-${notification.createdAt}@sluice>`,
      headers: { "X-Sluice-Notification": String(notification.notificationId) },
      signal,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  #open(): Promise<Transporter> {
    this.#transport ??= import("nodemailer").then((mail) =>
      mail.createTransport({
        url: this.#server.url,
        connectionTimeout: patience,
        greetingTimeout: patience,
        socketTimeout: patience,
      }),
    );
    return this.#transport;
  }
}
