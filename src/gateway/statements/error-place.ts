// An error that knows its position in the statement gets line and column, for people. One place
// does it for all statements, because only here is the whole text at hand.

import { GatewayError } from "../../common/gateway-error.ts";
import { placeIn } from "../../parser/place.ts";

/** Runs `body`; a GatewayError with a position in `text` goes on with its line and column. */
export async function withPlaces<T>(text: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.position === undefined) throw error;
    const { line, column } = placeIn(text, error.position);
    throw new GatewayError(error.code, error.message, {
      detail: error.detail,
      hint: error.hint,
      position: error.position,
      place: { line, column },
      sqlstate: error.sqlstate,
      flink: error.flink,
      cause: error.cause,
    });
  }
}
