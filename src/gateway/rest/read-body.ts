// Bodies as Flink's server takes them: on any method, whatever the content type says, empty means
// `{}`. Hono gives no body of a GET, so they are read from Node's request itself.

import type { IncomingMessage } from "node:http";
import { BadRequest, mismatch } from "./bad-request.ts";

/** The body is larger than allowed: 413 without a body. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** A form with a file in it: 400 and one plain sentence. */
export class UploadRefused extends Error {
  override readonly name = "UploadRefused";
}

/** True if the request announces a body at all. */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers["content-length"];
  return request.headers["transfer-encoding"] !== undefined || (length ?? "0") !== "0";
}

/** The whole body as text; rejects with BodyTooLarge, or if the client goes away. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  if (!hasBody(request)) return Promise.resolve("");
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) {
    return Promise.reject(new BodyTooLarge());
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.removeAllListeners("data");
        reject(new BodyTooLarge());
      } else {
        chunks.push(chunk);
      }
    });
    request.once("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.once("error", reject);
    request.once("close", () => reject(new Error("the client went away")));
  });
}

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The body as an object. `soleText`: the field that a bare JSON string is taken for, if the class
 * has one. Null: there was no body at all. Throws BadRequest and UploadRefused.
 */
export function parseBody(
  text: string,
  contentType: string | undefined,
  requestClass: string,
  soleText: string | null,
): JsonObject | null {
  const json = contentType?.startsWith("multipart/form-data")
    ? requestPart(text, contentType)
    : text;
  if (json.trim() === "") return null;
  const value = parsePrefix(json, requestClass);
  if (value === null) return {};
  if (typeof value === "string" && soleText !== null) return { [soleText]: value };
  if (typeof value === "object" && !Array.isArray(value)) return value as JsonObject;
  throw mismatch(requestClass, "Cannot deserialize value from this kind of JSON value");
}

/** What follows the first JSON value is ignored, as Flink's parser does. */
function parsePrefix(text: string, requestClass: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const end = /after JSON at position (\d+)/.exec(message)?.[1];
    if (end !== undefined && Number(end) > 0) return JSON.parse(text.slice(0, Number(end)));
    throw new BadRequest(
      `Request did not match expected format ${requestClass}.`,
      `org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonParseException: ${message}`,
    );
  }
}

/** The part named `request` of a form. */
function requestPart(text: string, contentType: string): string {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return "";
  for (const part of text.split(`--${boundary}`)) {
    const at = part.indexOf("\r\n\r\n") >= 0 ? part.indexOf("\r\n\r\n") + 4 : -1;
    const head = at < 0 ? part : part.slice(0, at);
    if (/filename=/i.test(head)) throw new UploadRefused();
    if (at >= 0 && /name="?request"?/i.test(head)) return part.slice(at);
  }
  return "";
}
