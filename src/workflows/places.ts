// Errors about a part of a request, with the place where that part stands in the user's text.

import type { ErrorCode } from "../common/error-codes.ts";
import { type ErrorParts, GatewayError } from "../common/gateway-error.ts";
import type { PositionOf } from "./workflow-request.ts";

/** For requests that have no text. */
export const nowhere: PositionOf = () => null;

/** An error at the part of the request that `path` names. */
export function errorAt(
  positionOf: PositionOf,
  path: string,
  [code, message]: readonly [ErrorCode, string],
  parts: ErrorParts = {},
): GatewayError {
  const place = positionOf(path);
  return new GatewayError(
    code,
    message,
    place === null ? parts : { ...parts, position: place.offset },
  );
}

/**
 * The same error at a part of the request. Whatever place it had before was counted inside of that
 * part; where the request has no text it stays.
 */
export function movedTo(error: GatewayError, positionOf: PositionOf, path: string): GatewayError {
  const place = positionOf(path);
  return new GatewayError(error.code, error.message, {
    detail: error.detail,
    hint: error.hint,
    position: place === null ? error.position : place.offset,
    sqlstate: error.sqlstate,
    cause: error,
  });
}

/** What `body` gives; an error of ours goes on with the place of `path`. */
export function at<T>(positionOf: PositionOf, path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof GatewayError) throw movedTo(error, positionOf, path);
    throw error;
  }
}

/**
 * The places of a request that was made of another one by changing its task `index`: that task
 * stands in the text of the edit, as `task`.
 */
export function placesOfTask(positionOf: PositionOf, index: number): PositionOf {
  const prefix = `tasks/${index}`;
  return (path) => {
    if (path !== prefix && !path.startsWith(`${prefix}/`)) return null;
    return positionOf(`task${path.slice(prefix.length)}`);
  };
}
