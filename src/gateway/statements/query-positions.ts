// Errors about the text after AS carry a position in that text; here it becomes one in the user's
// statement.

import { GatewayError } from "../../common/gateway-error.ts";
import { type SourceText, userPosition } from "../../parser/ast/source-text.ts";

/**
 * Runs `body`; a GatewayError with a position in `query` goes on with the position in the whole
 * statement.
 */
export async function withQueryPositions<T>(query: SourceText, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.position === undefined) throw error;
    throw new GatewayError(error.code, error.message, {
      detail: error.detail,
      hint: error.hint,
      position: userPosition(query, error.position),
      sqlstate: error.sqlstate,
      flink: error.flink,
      cause: error.cause,
    });
  }
}
