// GET /api_versions: what the gateway advertises; every version is served all the same. A client
// fails on a version that it does not know, so the list is short by default.

import { type FlinkRoute, since } from "../flink-route.ts";

export const getApiVersions: FlinkRoute = {
  method: "GET",
  path: "/api_versions",
  versions: since("v1"),
  bare: true,
  requestClass: null,
  failure: { producer: "rest", message: null },
  handle: (_request, { advertised }) => Promise.resolve(JSON.stringify({ versions: advertised })),
};
