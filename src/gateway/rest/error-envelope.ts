// Flink's error envelope (spec §2.9): a JSON object with the one key `errors`. Two producers make
// it: one answers a single trace that begins with RestHandlerException, the other "Internal server
// error." and a trace in a frame. Clients read the text after the last `Caused by: ` up to the
// first line that begins with a tab and "at".

import type { GatewayError } from "../../common/gateway-error.ts";
import type { OperationHandle } from "../../common/ids.ts";
import { sqlExecutionException, sqlGatewayException } from "../flink-exception.ts";
import { javaText } from "./error-text.ts";

/** How a route words its failures. */
export interface FailureStyle {
  /** `rest`: one element; `unhandled`: two. */
  readonly producer: "rest" | "unhandled";
  /** "Failed to openSession." and the like; null: the cause's own sentence stands first. */
  readonly message: string | null;
  /** True where Flink wraps the outer exception twice (fetch). */
  readonly doubled?: boolean;
}

const restHandlerException = "org.apache.flink.runtime.rest.handler.RestHandlerException";
const frame = "\tat sluice.gateway.rest(flink)";
/** Longer messages are cut: clients take responses of 100 MiB at most. */
const longestText = 1_000_000;

/** The body of a failed request. */
export function failureBody(
  style: FailureStyle,
  error: GatewayError,
  operation: OperationHandle | null,
): string {
  const chain = causes(style, error, operation);
  if (style.producer === "rest") return restBody(chain);
  const trace = `<Exception on server side:\n${traceOf(chain)}\nEnd of exception on server side>`;
  return JSON.stringify({ errors: ["Internal server error.", trace] });
}

/** The body of a 400: `message`, and the cause if Flink names one. */
export function badRequestBody(message: string, cause: string | null): string {
  const chain = [`${restHandlerException}: ${message}`];
  if (cause !== null) chain.push(cause);
  return restBody(chain);
}

/** A body with one plain sentence: 404, 503, refused uploads. */
export function plainErrorBody(message: string): string {
  return JSON.stringify({ errors: [message] });
}

function restBody(chain: readonly string[]): string {
  return JSON.stringify({ errors: [traceOf(chain)] });
}

function causes(
  style: FailureStyle,
  error: GatewayError,
  operation: OperationHandle | null,
): readonly string[] {
  const cause = cut(javaText(error));
  const chain: string[] = [];
  if (style.message === null) {
    chain.push(style.producer === "rest" ? `${restHandlerException}: ${sentenceOf(cause)}` : cause);
    return style.producer === "rest" ? [...chain, cause] : chain;
  }
  const failed = `${sqlGatewayException}: ${style.message}`;
  if (style.producer === "rest") chain.push(`${restHandlerException}: ${style.message}`);
  if (style.doubled === true) chain.push(`${sqlGatewayException}: ${failed}`);
  chain.push(failed);
  if (operation !== null) {
    chain.push(`${sqlExecutionException}: Failed to execute the operation ${operation}.`);
  }
  chain.push(cause);
  return chain;
}

function traceOf(chain: readonly string[]): string {
  return chain
    .map((text, index) => `${index === 0 ? "" : "Caused by: "}${text}\n${frame}\n`)
    .join("");
}

function sentenceOf(text: string): string {
  return text.slice(text.indexOf(": ") + 2);
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}… (cut)`;
}
