// The text after AS. It is PostgreSQL's to judge; only what can be no query whatever follows is
// refused here: another kind of statement, and a text that stops in the middle.

import type { SourceText } from "../ast/source-text.ts";
import { terminals } from "../grammar/tokens.ts";
import { Lexer } from "../lexer.ts";
import { unexpectedEnd, unexpectedToken } from "../syntax-error.ts";
import { buildText } from "./parts.ts";
import type { Tree } from "./tree.ts";

const beginnings: ReadonlySet<string> = new Set(["SELECT", "WITH", "VALUES", "TABLE", "("]);

/** Words that PostgreSQL reserves and that something must follow. */
const dangling: ReadonlySet<string> = new Set(
  (
    "ALL AND AS BOTH CASE COLLATE DISTINCT ELSE EXCEPT FETCH FOR FROM GROUP HAVING IN INTERSECT " +
    "INTO LATERAL LIKE LIMIT NOT OFFSET ON OR ORDER TABLE THEN UNION USING VALUES WHEN WHERE " +
    "WINDOW WITH ,"
  ).split(" "),
);

/**
 * Throws GW-SYNTAX where the query begins with another word, GW-SYNTAX-EOF where it stops too
 * early.
 */
export function buildQuery(tree: Tree): SourceText {
  const token = tree.token("Query");
  const end = (token.endOffset ?? 0) + 1;
  const lexer = new Lexer(tree.source.text, token.startOffset);
  lexer.advanceToToken();
  if (!beginnings.has(lexer.image.toUpperCase())) {
    const found = { image: lexer.image, startOffset: lexer.start };
    throw unexpectedToken(tree.source, found, [terminals.Query]);
  }
  let last = "";
  do {
    const short = lexer.end - lexer.start <= 12;
    last = short && (lexer.kind === "word" || lexer.kind === "symbol") ? lexer.image : "";
  } while (lexer.end < end && lexer.advanceToToken() && lexer.start < end);
  if (dangling.has(last.toUpperCase())) {
    throw unexpectedEnd(tree.source, end, [], `The query cannot end with "${last}".`);
  }
  return buildText(tree, "Query");
}
