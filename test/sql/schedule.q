# The schedule: slots become runs, each about its interval; missed slots are one row; DST does not lose an hour.

CREATE TABLE o (shop text, ts timestamptz);

INSERT INTO o VALUES ('a', '2026-01-14 10:00Z'), ('b', '2026-01-15 10:00Z');

CREATE MATERIALIZED TABLE daily PARTITIONED BY (ds) WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
FRESHNESS = INTERVAL '1' DAY AS SELECT to_char(ts, 'YYYY-MM-DD') AS ds, shop FROM o;

!clock

SELECT * FROM daily ORDER BY ds;

INSERT INTO o VALUES ('c', '2026-01-15 23:00Z');

# Nothing before its time.
!clock 2026-01-15 23:59:59

!clock 2026-01-16 00:00

SELECT * FROM daily ORDER BY ds, shop;

# Three days go by at once: `last` runs the newest slot, the missed ones are one row.
INSERT INTO o VALUES ('d', '2026-01-17 10:00Z'), ('e', '2026-01-18 10:00Z');

!clock 2026-01-19 00:00:30

SELECT trigger, interval_start, interval_end, status, detail FROM sluice.workflow_instances
WHERE workflow = 'table:daily' ORDER BY interval_end, trigger;

SELECT * FROM daily ORDER BY ds, shop;

SHOW PARTITIONS daily;
