// DESCRIBE FUNCTION [EXTENDED]: the overloads of a function; EXTENDED adds language, volatility and
// comment.

import { GatewayError } from "../../common/gateway-error.ts";
import { plainQualifiedName } from "../../parser/ast/name.ts";
import type { DescribeFunction } from "../../parser/ast/describe-function.ts";
import type { Executor } from "./executor.ts";
import { column, tableResult } from "./fixed-results.ts";
import { findSignatures } from "./read/find-routines.ts";
import { resolveObject } from "./resolve-name.ts";

export const describeFunction: Executor<DescribeFunction> = async (
  { name, extended },
  { session },
  { database },
) => {
  const resolved = resolveObject(name, session);
  const places = name.parts.length === 1 ? ["pg_catalog", session.database] : [resolved.database];
  const signatures = await findSignatures(database, places, resolved.name);
  if (signatures.length === 0) {
    const plain = plainQualifiedName(name);
    throw new GatewayError("GW-OBJECT-UNKNOWN", `function "${plain}" does not exist`, {
      position: name.position,
      flink: {
        class: "org.apache.flink.table.api.ValidationException",
        text: `Function with the identifier '${plain}' doesn't exist.`,
      },
    });
  }
  const rows = signatures.flatMap((one) => [
    ["signature", `${one.signature} => ${one.result}`],
    ...(extended
      ? [
          ["language", one.language],
          ["volatility", one.volatility],
          ["comment", one.comment ?? ""],
        ]
      : []),
  ]);
  return tableResult([column("info name"), column("info value")], rows);
};
