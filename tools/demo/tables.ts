// The three materialized tables of the demo: one partitioned by day over the base table, one by
// month over the first, and one that joins. Each is what a user would type.

/** A materialized table of the demo. */
export interface DemoTable {
  readonly name: string;
  /** Text after AS. */
  readonly query: string;
  /** Everything between the name and AS. */
  readonly clauses: string;
  /**
   * The partition that holds the late rows, as the text inside PARTITION (…); null: refreshed
   * whole.
   */
  readonly touched: string | null;
}

/** The day for which rows come in late. */
export const lateDay = "2001-01-15";

/** In the order in which they must be refreshed: a table after those that it reads. */
export const demoTables: readonly DemoTable[] = [
  {
    name: "daily_by_origin",
    clauses: `
  PARTITIONED BY (day)
  WITH ('partition.fields.day.date-formatter' = 'yyyy-MM-dd')
  FRESHNESS = INTERVAL '1' DAY
  REFRESH_MODE = FULL`,
    query: `SELECT to_char(departed_at, 'YYYY-MM-DD') AS day, origin, count(*) AS flights,
         count(*) FILTER (WHERE delay > 15) AS late, sum(delay) AS minutes, sum(distance) AS miles
  FROM flights
  GROUP BY 1, 2`,
    touched: `day = '${lateDay}'`,
  },
  {
    name: "monthly_by_origin",
    clauses: `
  PARTITIONED BY (month)
  WITH ('partition.fields.month.date-formatter' = 'yyyy-MM')
  FRESHNESS = INTERVAL '1' DAY
  REFRESH_MODE = FULL`,
    query: `SELECT left(day, 7) AS month, origin, sum(flights) AS flights, sum(late) AS late,
         round(sum(minutes) / sum(flights), 2) AS average_delay
  FROM daily_by_origin
  GROUP BY 1, 2`,
    touched: `month = '${lateDay.slice(0, 7)}'`,
  },
  {
    name: "delays_by_state",
    clauses: `
  FRESHNESS = INTERVAL '1' HOUR
  REFRESH_MODE = FULL`,
    query: `SELECT a.state, count(*) AS flights, round(avg(f.delay), 2) AS average_delay,
         count(DISTINCT f.origin) AS airports
  FROM flights f JOIN airports a ON a.iata = f.origin
  GROUP BY a.state`,
    touched: null,
  },
];

/** The statement that creates a table of the demo. */
export function createStatement(table: DemoTable): string {
  return `CREATE MATERIALIZED TABLE ${table.name}${table.clauses}\nAS ${table.query}`;
}

/** The statement that refreshes what the late rows touched. */
export function refreshStatement(table: DemoTable): string {
  const partition = table.touched === null ? "" : ` PARTITION (${table.touched})`;
  return `ALTER MATERIALIZED TABLE ${table.name} REFRESH${partition}`;
}

/** Rows that arrive when their day has long been computed; none of them slips into the next day. */
export const insertLateRows = `INSERT INTO flights
  SELECT departed_at + interval '7 minutes', 120, distance, origin, destination
  FROM flights
  WHERE departed_at >= '${lateDay}' AND departed_at < '${lateDay} 23:50' AND delay > 30`;
