// A request that is malformed before anything was tried with it: 400, in Flink's words.

export class BadRequest extends Error {
  override readonly name = "BadRequest";
  /** The class and message of the Java exception behind it; null if there is none. */
  readonly javaCause: string | null;

  constructor(message: string, javaCause: string | null) {
    super(message);
    this.javaCause = javaCause;
  }
}

/** `Request did not match expected format <class>.` */
export function mismatch(requestClass: string, reason: string): BadRequest {
  return new BadRequest(
    `Request did not match expected format ${requestClass}.`,
    `org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.exc.MismatchedInputException: ${reason}`,
  );
}

/** A path or query parameter that cannot be read. */
export function badParameter(kind: "path" | "query", name: string, value: string): BadRequest {
  const reason = `Cannot resolve ${kind} parameter (${name}) from value "${value}".`;
  return new BadRequest(
    `Bad request, could not parse parameters: ${reason}`,
    `org.apache.flink.runtime.rest.handler.HandlerRequestException: ${reason}`,
  );
}
