// Notifications over HTTP: to programs (signed JSON), DingTalk and Slack. What each of them wants
// to receive, and what it answers if it did.

import { createHmac } from "node:crypto";
import { unreachable } from "../common/assert.ts";
import type { NotifyChannel } from "../common/notify-options.ts";
import { documentOf, linesOf, type Notification, subjectOf } from "./notification.ts";

type HttpChannel = Exclude<NotifyChannel, "email">;

/** Longest text of an answer that is looked at or remembered. */
const answerLimit = 500;

/**
 * Resolves when the receiver has taken it. Rejects for any answer but success, and when `signal`
 * aborts.
 */
export async function sendHttp(
  notification: Notification & { readonly channel: HttpChannel },
  secret: string | null,
  signal: AbortSignal,
): Promise<void> {
  const body = JSON.stringify(bodyOf(notification));
  const headers: Record<string, string> = {
    "content-type": "application/json; charset=utf-8",
    "user-agent": "Sluice",
    "x-sluice-notification": String(notification.notificationId),
  };
  if (secret !== null && notification.channel === "webhook") {
    headers["x-sluice-signature"] = signatureOf(body, secret);
  }
  const answer = await fetch(notification.target, {
    method: "POST",
    body,
    headers,
    signal,
    redirect: "error",
  });
  const text = (await answer.text()).slice(0, answerLimit);
  if (!answer.ok) throw new Error(`HTTP ${answer.status} ${oneLine(text)}`.trimEnd());
  if (notification.channel === "dingtalk") requireAccepted(text);
}

/** `sha256=<hex>`: what a receiver computes over the raw body to know who sent it. */
export function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

function bodyOf(notification: Notification & { readonly channel: HttpChannel }): object {
  const title = subjectOf(notification);
  const lines = linesOf(notification);
  switch (notification.channel) {
    case "webhook":
      return documentOf(notification);
    case "dingtalk": {
      const list = lines.map((line) => `- ${oneLine(line)}`).join("\n");
      return { msgtype: "markdown", markdown: { title, text: `### ${title}\n${list}` } };
    }
    case "slack":
      return { text: escapeSlack(`*${title}*\n${lines.join("\n")}`) };
    default:
      return unreachable(notification.channel);
  }
}

/** Slack's three control characters; without this a name could mention a whole channel. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** DingTalk answers 200 whatever happened; `errcode` tells. */
function requireAccepted(text: string): void {
  let code: unknown;
  try {
    code = (JSON.parse(text) as { errcode?: unknown }).errcode;
  } catch {
    throw new Error(`the answer is not DingTalk's: ${oneLine(text)}`);
  }
  if (code !== 0) throw new Error(`DingTalk refused it: ${oneLine(text)}`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
