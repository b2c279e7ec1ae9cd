// Names of Flink's exceptions that clients may see.

export const sqlGatewayException = "org.apache.flink.table.gateway.api.utils.SqlGatewayException";
export const sqlExecutionException =
  "org.apache.flink.table.gateway.service.utils.SqlExecutionException";
