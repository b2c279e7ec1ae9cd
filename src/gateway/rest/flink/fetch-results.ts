// GET /sessions/:session_handle/operations/:operation_handle/result/:token: one page. The text is
// put together from texts; rows are never objects.

import type { Operation } from "../../operation/operation.ts";
import type { RowFormat } from "../../result/fixed-row.ts";
import type { ResultPage } from "../../result/result-fetcher.ts";
import { type FlinkRequest, type FlinkRoute, since } from "../flink-route.ts";

export const fetchResults: FlinkRoute = {
  method: "GET",
  path: "/sessions/:session_handle/operations/:operation_handle/result/:token",
  versions: since("v1"),
  bare: true,
  requestClass: null,
  failure: { producer: "unhandled", message: "Failed to fetchResults.", doubled: true },
  async handle(request, { gateway }) {
    const { session, operation: handle, token, rowFormat } = request;
    const { page, operation } = await gateway.fetchResults(session, handle, token, rowFormat);
    if (page === null) {
      return `{"resultType":"NOT_READY","nextResultUri":"${uriOf(request, 0, rowFormat)}"}`;
    }
    return pageText(request, page, rowFormat, operation);
  },
};

function pageText(
  request: FlinkRequest,
  page: ResultPage,
  format: RowFormat,
  operation: Operation,
): string {
  const job = page.jobId === null ? "" : `"jobID":"${page.jobId}",`;
  const next = page.end ? "" : `,"nextResultUri":"${uriOf(request, page.nextToken, format)}"`;
  const details = request.details
    ? `,"sluice":${JSON.stringify({ notices: operation.notices })}`
    : "";
  return (
    `{"resultType":"${page.end ? "EOS" : "PAYLOAD"}","isQueryResult":${page.isQuery},${job}` +
    `"resultKind":"${page.resultKind}","results":{"columns":${page.columns},` +
    `"rowFormat":"${format}","data":[${page.data}]}${next}${details}}`
  );
}

/** V1 has no query string; the others always have one. */
function uriOf(request: FlinkRequest, token: number, format: RowFormat): string {
  const { version, session, operation } = request;
  const path = `/${version}/sessions/${session}/operations/${operation}/result/${token}`;
  return version === "v1" ? path : `${path}?rowFormat=${format}`;
}
