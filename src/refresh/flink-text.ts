// Flink's class and exact sentence beside a message of ours: what clients of Flink's routes see.

import type { FlinkText } from "../common/gateway-error.ts";

/** A refused request. */
export function validation(text: string): FlinkText {
  return { class: "org.apache.flink.table.api.ValidationException", text };
}

/** A statement that failed while it was carried out. */
export function execution(text: string): FlinkText {
  return { class: "org.apache.flink.table.gateway.service.utils.SqlExecutionException", text };
}

/** A literal that Flink's validator refuses. */
export function literalFault(text: string): FlinkText {
  return { class: "org.apache.calcite.sql.validate.SqlValidatorException", text };
}
