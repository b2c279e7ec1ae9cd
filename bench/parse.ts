// Parsing: a CREATE of about 1 kB, once with a long query (cut out, not parsed) and once with a
// long column list (all grammar), and how the time grows with the length of the text.

import { performance } from "node:perf_hooks";
import { parse } from "../src/parser/parse.ts";
import { type Figure, percentile } from "./figure.ts";

const warmUps = 500;
const batches = 40;
const perBatch = 25;
const wantedMicroseconds = 350;
/**
 * Time for eight times the text, divided by eight times the time, is above one by garbage
 * collection; quadratic time would be 8.
 */
const wantedGrowth = 2;

export async function run(): Promise<readonly Figure[]> {
  const query = microseconds(withQuery);
  const columns = microseconds(withColumns(13));
  const growth = microseconds(withColumns(2048), 1) / (8 * microseconds(withColumns(256), 1));
  return [
    timed(`parse a CREATE with a long query (${withQuery.length} characters)`, query),
    timed(`parse a CREATE with 13 columns (${withColumns(13).length} characters)`, columns),
    {
      figure: "parse a CREATE with 2,048 columns",
      measured: `${growth.toFixed(2)}x`,
      beside: "8 times the time of 256 columns",
      wanted: `<= ${wantedGrowth}x`,
      met: growth <= wantedGrowth,
    },
  ];
}

const withQuery = `CREATE MATERIALIZED TABLE analytics.daily_sales
  COMMENT 'Revenue and orders of each day and shop, for the dashboards of the sales team'
  PARTITIONED BY (ds)
  WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd', 'refresh.lookback' = '2')
  START_MODE = FROM_TIMESTAMP(TIMESTAMP '2026-01-01 00:00:00')
  FRESHNESS = INTERVAL '5' MINUTE
  REFRESH_MODE = FULL
AS
SELECT to_char(o.ordered_at, 'YYYY-MM-DD') AS ds, s.name AS shop, count(*) AS orders,
       count(DISTINCT o.customer_id) AS customers, sum(o.amount) AS revenue,
       avg(o.amount) AS average_amount, max(o.ordered_at) AS last_order,
       sum(CASE WHEN o.status = 'returned' THEN o.amount ELSE 0 END) AS returned
FROM shop.orders AS o
JOIN shop.shops AS s ON s.id = o.shop_id
LEFT JOIN shop.campaigns AS c ON c.id = o.campaign_id AND c.active
WHERE o.status <> 'cancelled' AND o.ordered_at >= DATE '2026-01-01'
GROUP BY to_char(o.ordered_at, 'YYYY-MM-DD'), s.name
HAVING sum(o.amount) > 0 AND count(*) > 1
ORDER BY 1, 2`;

function withColumns(count: number): string {
  const columns = Array.from(
    { length: count },
    (_, index) =>
      `  column_${index} DECIMAL(10, 2) NOT NULL COMMENT 'the column of number ${index}'`,
  );
  return `CREATE MATERIALIZED TABLE analytics.wide (
${columns.join(",\n")},
  PRIMARY KEY (column_0) NOT ENFORCED
)
FRESHNESS = INTERVAL '5' MINUTE
AS SELECT * FROM shop.wide`;
}

/** Median time of one parse. */
function microseconds(text: string, batch = perBatch): number {
  for (let round = 0; round < (warmUps * batch) / perBatch; round += 1) parse(text);
  const samples: number[] = [];
  for (let round = 0; round < batches; round += 1) {
    const start = performance.now();
    for (let step = 0; step < batch; step += 1) parse(text);
    samples.push(((performance.now() - start) * 1000) / batch);
  }
  return percentile(samples, 0.5);
}

function timed(figure: string, value: number): Figure {
  return {
    figure,
    measured: `${Math.round(value)} us`,
    beside: null,
    wanted: `<= ${wantedMicroseconds} us`,
    met: value <= wantedMicroseconds,
  };
}
