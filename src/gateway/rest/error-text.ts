// An error as the text of a Java exception: `class: sentence`, which is what Flink's clients show
// of an error envelope. Sentences of our own say where in the statement (line and column, in code
// points) and end with their code in brackets; Flink's exact ones stay exact; detail, hint and
// SQLSTATE follow on lines of their own.

import type { GatewayError } from "../../common/gateway-error.ts";
import { sqlGatewayException } from "../flink-exception.ts";

const flinkApi = "org.apache.flink.table.api";

/** The Java class and message of an error. */
export function javaText(error: GatewayError): string {
  if (error.flink !== undefined) return `${error.flink.class}: ${error.flink.text}`;
  const { place } = error;
  const where = place === undefined ? "" : ` at line ${place.line}, column ${place.column}`;
  const lines = [`${javaClass(error)}: ${error.message}${where} [${error.code}]`];
  if (error.code === "GW-POSTGRES") lines.push(`SQLSTATE: ${error.sqlstate}`);
  if (error.position !== undefined && where === "") lines.push(`Position: ${error.position + 1}`);
  if (error.detail !== undefined) lines.push(`Detail: ${error.detail}`);
  if (error.hint !== undefined) lines.push(`Hint: ${error.hint}`);
  // A line that begins with a tab and "at" would end the message for clients.
  return lines.join("\n").replaceAll(/\n\tat /g, "\n at ");
}

function javaClass(error: GatewayError): string {
  switch (error.code) {
    case "GW-SYNTAX":
    case "GW-MULTIPLE-STATEMENTS":
      return `${flinkApi}.SqlParserException`;
    case "GW-SYNTAX-EOF":
      return `${flinkApi}.SqlParserEOFException`;
    case "GW-NOT-SUPPORTED":
    case "GW-SCRIPTS":
    case "GW-CONFIGURE":
      return "java.lang.UnsupportedOperationException";
    case "GW-INTERNAL":
      return "java.lang.IllegalStateException";
    case "GW-REQUEST":
      return "java.lang.IllegalArgumentException";
    default:
      return error.code.startsWith("GW-") && error.code !== "GW-POSTGRES"
        ? sqlGatewayException
        : `${flinkApi}.ValidationException`;
  }
}
