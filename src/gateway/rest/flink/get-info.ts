// GET /info: what clients probe. productName stays Flink's; what we are stands beside it.

import { type FlinkRoute, since } from "../flink-route.ts";

/** The Flink release whose protocol is spoken. */
export const flinkVersion = "2.3.0";

export const getInfo: FlinkRoute = {
  method: "GET",
  path: "/info",
  versions: since("v1"),
  bare: true,
  requestClass: null,
  failure: { producer: "rest", message: null },
  handle: (_request, { version }) =>
    Promise.resolve(
      JSON.stringify({
        productName: "Apache Flink",
        version: flinkVersion,
        sluiceVersion: version,
      }),
    ),
};
