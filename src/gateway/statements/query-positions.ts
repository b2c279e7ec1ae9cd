// Errors about a piece of the user's text (the query after AS, a statement of PostgreSQL's) carry a
// position in that piece; here it becomes one in the user's statement.

import { GatewayError } from "../../common/gateway-error.ts";
import { type SourceText, userPosition } from "../../parser/ast/source-text.ts";

/**
 * Runs `body`; a GatewayError with a position in `piece` goes on with the position in the whole
 * statement. `before`: code points that were sent in front of the piece.
 */
export async function withQueryPositions<T>(
  piece: SourceText,
  body: () => Promise<T>,
  before = 0,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.position === undefined) throw error;
    throw new GatewayError(error.code, error.message, {
      detail: error.detail,
      hint: error.hint,
      position: userPosition(piece, error.position - before),
      sqlstate: error.sqlstate,
      flink: error.flink,
      cause: error.cause,
    });
  }
}
