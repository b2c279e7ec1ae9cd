// The name in the path of the refresh endpoint: `` `catalog`.`database`.`table` ``, unquoted parts
// and fewer of them.

import { GatewayError } from "../../common/gateway-error.ts";
import type { QualifiedName } from "../../parser/ast/name.ts";

const part = /`((?:[^`]|``)+)`|"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*)/uy;

/** Reads one to three parts; unquoted ones are folded. Throws GW-NAME with Flink's sentence. */
export function parseIdentifier(text: string): QualifiedName {
  const parts: string[] = [];
  const written: string[] = [];
  let at = 0;
  for (;;) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (found === null) throw notAName(text);
    const [whole, back, double, plain = ""] = found;
    const quoted = back?.replaceAll("``", "`") ?? double?.replaceAll('""', '"');
    parts.push(quoted ?? plain.toLowerCase());
    written.push(quoted ?? plain);
    at += whole.length;
    if (text[at] !== ".") break;
    at += 1;
  }
  if (at < text.length || parts.length > 3) throw notAName(text);
  return { parts, written, position: 0 };
}

function notAName(text: string): GatewayError {
  return new GatewayError("GW-NAME", `"${text}" is not the name of a table`, {
    hint: "Write it as `catalog`.`database`.`table`.",
    flink: {
      class: "org.apache.flink.table.api.SqlParserException",
      text: `Invalid SQL identifier ${text}.`,
    },
  });
}
