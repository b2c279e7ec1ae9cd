-- Chains of tables: waiting for parents, stale marks through lineage, freshness measured.

-- How old the base tables were, through all tables in between, when the cell was computed. data_timestamp is the time of
-- the cell's own snapshot; in a chain the parents' rows were older than that.
ALTER TABLE sluice_private.cells ADD COLUMN root_timestamp timestamptz;
UPDATE sluice_private.cells SET root_timestamp = data_timestamp;
CREATE INDEX cells_failed ON sluice_private.cells (table_id) WHERE state = 'FAILED';

-- A mark may be about all cells that agree with some of the keys: `partition` is then their text, `spec` their values.
ALTER TABLE sluice_private.cell_marks ADD COLUMN spec jsonb;
DROP INDEX sluice_private.cell_marks_by_table;
CREATE INDEX cell_marks_by_cell ON sluice_private.cell_marks (table_id, partition);
CREATE INDEX cell_marks_partial ON sluice_private.cell_marks (table_id) WHERE spec IS NOT NULL;

-- What the last run of a whole table saw: it has taken in marks about cells that nobody knew by name. Written only by
-- that run, which holds the table alone.
CREATE TABLE sluice_private.whole_runs (
  table_id  text PRIMARY KEY REFERENCES sluice_private.materialized_tables ON DELETE CASCADE,
  snapshot  pg_snapshot NOT NULL
);

-- A run that is about to be given back leaves a row before it looks a last time; whoever has news for it before it is
-- back in the queue notes that here, and it comes back ready at once. The lock of the row puts both in order.
CREATE TABLE sluice_private.task_wakes (
  task_instance_id  text PRIMARY KEY,
  resource          text NOT NULL,
  woken             boolean NOT NULL
);

CREATE INDEX table_sources_by_table ON sluice_private.table_sources (source_table_id)
  WHERE source_table_id IS NOT NULL;

-- How fresh each table is, measured. A cell that was computed after its slice of time had ended is complete; the others
-- limit the table, unless they are frozen.
CREATE VIEW sluice_private.table_freshness AS
SELECT t.table_id, d.data_timestamp, d.root_timestamp, d.row_count, m.now - d.root_timestamp AS lag,
       f.freshness, f.threshold
FROM sluice_private.materialized_tables t
CROSS JOIN LATERAL (
  SELECT f.freshness,
         coalesce((t.definition -> 'options' ->> 'freshness.violated.after')::interval, 2 * f.freshness) AS threshold
  FROM (SELECT ((t.definition -> 'freshness' ->> 'amount') || ' '
                || (t.definition -> 'freshness' ->> 'unit'))::interval AS freshness) f) f
CROSS JOIN LATERAL (
  SELECT c.now, c.now - (t.definition -> 'options' ->> 'freeze.after')::interval AS frozen_before
  FROM (SELECT sluice_private.clock() AS now OFFSET 0) c OFFSET 0) m
CROSS JOIN LATERAL (
  SELECT coalesce(
           min(c.data_timestamp) FILTER (
             WHERE c.interval_end IS NULL
                OR c.data_timestamp < c.interval_end AND c.interval_end >= coalesce(m.frozen_before, c.interval_end)),
           max(c.data_timestamp)) AS data_timestamp,
         coalesce(
           min(c.root_timestamp) FILTER (
             WHERE c.interval_end IS NULL
                OR c.root_timestamp < c.interval_end AND c.interval_end >= coalesce(m.frozen_before, c.interval_end)),
           max(c.root_timestamp)) AS root_timestamp,
         sum(c.row_count)::bigint AS row_count
  FROM sluice_private.cells c WHERE c.table_id = t.table_id) d;

-- The ledger as it is now: rows of cells, marks that no run has taken in, and what is queued or running. Cells that
-- only a mark or an open task names are in it too. Sets are joined, for a table may have hundreds of thousands of
-- cells: what is about single cells by their text, what is about many of them is gathered once and looked at for each.
CREATE OR REPLACE VIEW sluice_private.ledger AS
SELECT t.table_id, t.database, t.name, k.partition, k.spec,
       CASE
         WHEN k.busy IS NOT NULL THEN k.busy
         WHEN k.interval_end < k.frozen_before THEN 'FROZEN'
         ELSE coalesce(k.mark ->> 'state', k.state)
       END AS state,
       k.data_timestamp, k.row_count, k.last_run_id, coalesce(k.mark ->> 'reason', k.reason) AS reason,
       k.interval_start, k.interval_end, k.changed_at,
       -- What the newest mark is about: less than the cell, if it names some of the keys.
       nullif(k.mark -> 'spec', 'null') AS mark_spec
FROM sluice_private.materialized_tables t
CROSS JOIN LATERAL (
  WITH about AS MATERIALIZED (
    SELECT sluice_private.clock() - (t.definition -> 'options' ->> 'freeze.after')::interval AS frozen_before,
           (SELECT array_agg(m ORDER BY m.mark_id DESC) FROM sluice_private.cell_marks m
            WHERE m.table_id = t.table_id AND (m.partition IS NULL OR m.spec IS NOT NULL)) AS marks
  ), scope AS MATERIALIZED (
    SELECT s.spec, i.status, i.ready_at,
           CASE WHEN s.spec ?& ARRAY(SELECT jsonb_array_elements_text(t.definition -> 'partitionKeys'))
             THEN sluice_private.partition_text(t.definition -> 'partitionKeys', s.spec) END AS partition
    FROM sluice_private.task_instances i
    CROSS JOIN LATERAL jsonb_array_elements(coalesce(i.scopes, '[{}]')) AS s (spec)
    WHERE i.resource = t.table_id AND i.status IN ('PENDING', 'RUNNING')
  ), busy AS MATERIALIZED (
    SELECT s.partition, bool_or(s.status = 'RUNNING') AS running, min(s.ready_at) AS ready_at,
           (array_agg(s.spec))[1] AS spec
    FROM scope s WHERE s.partition IS NOT NULL GROUP BY s.partition
  ), wide AS MATERIALIZED (
    SELECT array_agg(s.spec) AS specs, array_agg(s.status = 'RUNNING') AS running
    FROM scope s WHERE s.partition IS NULL
  ), single AS MATERIALIZED (
    SELECT m.partition, array_agg(m ORDER BY m.mark_id DESC) AS marks
    FROM sluice_private.cell_marks m
    WHERE m.table_id = t.table_id AND m.partition IS NOT NULL AND m.spec IS NULL GROUP BY m.partition
  ), cell AS (
    SELECT c.partition, c.spec, c.state, c.data_timestamp, c.row_count, c.last_run_id, c.reason,
           c.interval_start, c.interval_end, c.changed_at, c.snapshot
    FROM sluice_private.cells c WHERE c.table_id = t.table_id
    UNION ALL
    SELECT s.partition, sluice_private.partition_spec(s.partition), s.marks[1].state, NULL, NULL, NULL,
           s.marks[1].reason, NULL, NULL, s.marks[1].at, NULL
    FROM single s
    WHERE NOT EXISTS (SELECT FROM sluice_private.cells c
                      WHERE c.table_id = t.table_id AND c.partition = s.partition)
    UNION ALL
    SELECT DISTINCT ON (m.partition) m.partition, m.spec, m.state, NULL, NULL, NULL, m.reason, NULL, NULL, m.at, NULL
    FROM sluice_private.cell_marks m
    WHERE m.table_id = t.table_id AND m.spec IS NOT NULL
      AND NOT EXISTS (SELECT FROM sluice_private.cells c
                      WHERE c.table_id = m.table_id AND c.spec @> m.spec)
    UNION ALL
    SELECT b.partition, b.spec, 'MISSING', NULL, NULL, NULL, NULL, NULL, NULL, b.ready_at, NULL
    FROM busy b
    WHERE NOT EXISTS (SELECT FROM sluice_private.cells c
                      WHERE c.table_id = t.table_id AND c.partition = b.partition)
      AND NOT EXISTS (SELECT FROM single s WHERE s.partition = b.partition)
  )
  SELECT c.*, a.frozen_before,
         CASE WHEN s.marks IS NOT NULL OR a.marks IS NOT NULL THEN (
           SELECT jsonb_build_object('state', m.state, 'reason', m.reason, 'spec', m.spec)
           FROM unnest(s.marks || a.marks) m
           WHERE (m.partition IS NULL OR m.partition = c.partition OR c.spec @> m.spec)
             AND (c.snapshot IS NULL OR NOT pg_visible_in_snapshot(m.tx, c.snapshot))
             AND (c.state <> 'FAILED' OR m.at > c.changed_at)
           ORDER BY m.mark_id DESC LIMIT 1) END AS mark,
         CASE WHEN b.running THEN 'RUNNING'
              WHEN w.specs IS NOT NULL THEN (
                SELECT CASE WHEN bool_or(r.running) THEN 'RUNNING' WHEN count(*) > 0 THEN 'QUEUED'
                            WHEN b.running IS NOT NULL THEN 'QUEUED' END
                FROM unnest(w.specs, w.running) AS r (spec, running) WHERE c.spec @> r.spec)
              WHEN b.running IS NOT NULL THEN 'QUEUED' END AS busy
  FROM cell c CROSS JOIN about a CROSS JOIN wide w
  LEFT JOIN single s ON s.partition = c.partition
  LEFT JOIN busy b ON b.partition = c.partition
) k;

-- Freshness against its objective, as it changed.
CREATE TABLE sluice_private.freshness_states (
  table_id  text PRIMARY KEY REFERENCES sluice_private.materialized_tables ON DELETE CASCADE,
  state     text NOT NULL CHECK (state IN ('OK', 'WARN', 'VIOLATED')),
  since     timestamptz NOT NULL
);
CREATE TABLE sluice_private.freshness_events (
  event_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_id   text NOT NULL,
  database   text NOT NULL,
  name       text NOT NULL,
  state      text NOT NULL CHECK (state IN ('WARN', 'VIOLATED', 'RECOVERED')),
  previous   text NOT NULL,
  lag        interval NOT NULL,
  freshness  interval NOT NULL,
  threshold  interval NOT NULL,
  at         timestamptz NOT NULL
);
CREATE INDEX freshness_events_by_time ON sluice_private.freshness_events (at);
CREATE INDEX freshness_events_by_table ON sluice_private.freshness_events (table_id, at);

-- Measures every active table and records what changed; gives those records. Whoever comes while another measures gets
-- nothing: all gateways may call it as often as they like. In READ COMMITTED.
CREATE FUNCTION sluice_private.check_freshness()
  RETURNS TABLE (event_id bigint, table_id text, database text, name text, state text, previous text, lag interval,
                 freshness interval, threshold interval, at timestamptz, options jsonb)
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
  #variable_conflict use_column
BEGIN
  IF NOT pg_try_advisory_xact_lock(7165297814) THEN
    RETURN;
  END IF;
  -- What is suspended is not measured, and starts anew when it is resumed.
  DELETE FROM sluice_private.freshness_states s
  WHERE NOT EXISTS (
    SELECT FROM sluice_private.materialized_tables t
    WHERE t.table_id = s.table_id AND t.status = 'ACTIVATED');
  RETURN QUERY
  WITH moment AS MATERIALIZED (SELECT sluice_private.clock() AS now),
  measured AS MATERIALIZED (
    SELECT t.table_id, t.database, t.name, t.definition -> 'options' AS options, f.freshness, f.threshold,
           coalesce(f.lag, moment.now - t.created_at) AS lag, moment.now,
           coalesce(s.state, 'OK') AS previous
    FROM moment, sluice_private.materialized_tables t
    JOIN sluice_private.table_freshness f ON f.table_id = t.table_id
    LEFT JOIN sluice_private.freshness_states s ON s.table_id = t.table_id
    WHERE t.status = 'ACTIVATED'
  ), judged AS MATERIALIZED (
    SELECT m.*, CASE WHEN m.lag > m.threshold THEN 'VIOLATED' WHEN m.lag > 0.75 * m.threshold THEN 'WARN'
                     ELSE 'OK' END AS current
    FROM measured m
  ), kept AS (
    INSERT INTO sluice_private.freshness_states AS s (table_id, state, since)
    SELECT j.table_id, j.current, j.now FROM judged j
    ON CONFLICT (table_id) DO UPDATE SET state = excluded.state, since = excluded.since
    WHERE s.state <> excluded.state
  ), noted AS (
    INSERT INTO sluice_private.freshness_events
      (table_id, database, name, state, previous, lag, freshness, threshold, at)
    SELECT j.table_id, j.database, j.name, CASE j.current WHEN 'OK' THEN 'RECOVERED' ELSE j.current END,
           j.previous, j.lag, j.freshness, j.threshold, j.now
    FROM judged j WHERE j.current <> j.previous
    ORDER BY j.table_id
    RETURNING *
  )
  SELECT n.event_id, n.table_id, n.database, n.name, n.state, n.previous, n.lag, n.freshness, n.threshold, n.at,
         j.options
  FROM noted n JOIN judged j ON j.table_id = n.table_id ORDER BY n.event_id;
END $$;

CREATE VIEW sluice.freshness_events AS
SELECT e.event_id, e.database, e.name, e.state, e.previous, e.lag, e.freshness, e.threshold, e.at, e.table_id
FROM sluice_private.freshness_events e;
COMMENT ON VIEW sluice.freshness_events IS 'When tables came near the limit of their freshness, went over it, and were fresh again.';
COMMENT ON COLUMN sluice.freshness_events.event_id IS 'Grows with each event.';
COMMENT ON COLUMN sluice.freshness_events.database IS 'Schema of the table, then.';
COMMENT ON COLUMN sluice.freshness_events.name IS 'Name of the table, then.';
COMMENT ON COLUMN sluice.freshness_events.state IS 'WARN (over three quarters of the limit), VIOLATED (over it) or RECOVERED.';
COMMENT ON COLUMN sluice.freshness_events.previous IS 'OK, WARN or VIOLATED: what it was before.';
COMMENT ON COLUMN sluice.freshness_events.lag IS 'How old the rows were, counted from the base tables.';
COMMENT ON COLUMN sluice.freshness_events.freshness IS 'The declared freshness.';
COMMENT ON COLUMN sluice.freshness_events.threshold IS 'The limit: ''freshness.violated.after'', or twice the freshness.';
COMMENT ON COLUMN sluice.freshness_events.at IS 'When it was measured.';
COMMENT ON COLUMN sluice.freshness_events.table_id IS 'Identity of the table.';

CREATE OR REPLACE VIEW sluice.materialized_tables AS
SELECT current_database()::text AS catalog, t.database, t.name, t.status,
       t.definition ->> 'refreshMode' AS refresh_mode,
       t.definition ->> 'requestedMode' AS requested_mode,
       t.definition ->> 'modeReason' AS mode_reason,
       f.freshness, f.data_timestamp, f.lag,
       CASE WHEN w.enabled THEN w.next_due_at END AS next_refresh,
       good.finished_at AS last_refresh, last.status AS last_status, last.error AS last_error,
       f.row_count,
       pg_total_relation_size(r.oid) AS bytes,
       t.status = 'ACTIVATED' AND r.oid IS NOT NULL AND last.status IS DISTINCT FROM 'FAILED'
         AND coalesce(f.lag, sluice_private.clock() - t.created_at) <= f.threshold AS healthy,
       pg_get_userbyid(r.relowner)::text AS owner,
       t.original_query AS query, t.comment, t.time_zone, t.version, t.created_at, t.altered_at, t.table_id,
       f.root_timestamp, f.threshold AS lag_limit,
       CASE WHEN t.status = 'ACTIVATED' THEN s.state END AS freshness_state
FROM sluice_private.materialized_tables t
JOIN sluice_private.table_freshness f ON f.table_id = t.table_id
LEFT JOIN sluice_private.freshness_states s ON s.table_id = t.table_id
LEFT JOIN sluice_private.workflows w ON w.workflow_id = t.workflow_id
LEFT JOIN LATERAL (
  SELECT c.oid, c.relowner FROM pg_class c
  WHERE c.oid = to_regclass(format('%I.%I', t.database, t.name))) r ON true
LEFT JOIN LATERAL (
  SELECT x.status, x.error FROM sluice_private.refresh_runs x
  WHERE x.table_id = t.table_id ORDER BY x.finished_at DESC LIMIT 1) last ON true
LEFT JOIN LATERAL (
  SELECT x.finished_at FROM sluice_private.refresh_runs x
  WHERE x.table_id = t.table_id AND x.status = 'SUCCESSFUL'
  ORDER BY x.finished_at DESC LIMIT 1) good ON true;
COMMENT ON COLUMN sluice.materialized_tables.data_timestamp IS 'The rows equal the query as of this time or later; NULL before the first load. Materialized tables that it reads may be older.';
COMMENT ON COLUMN sluice.materialized_tables.lag IS 'How old the rows are now, counted from the base tables through all materialized tables in between.';
COMMENT ON COLUMN sluice.materialized_tables.healthy IS 'Active, the last run did not fail, and the lag is not over its limit.';
COMMENT ON COLUMN sluice.materialized_tables.root_timestamp IS 'The rows tell what the base tables held at this time or later.';
COMMENT ON COLUMN sluice.materialized_tables.lag_limit IS 'The limit of the lag: ''freshness.violated.after'', or twice the freshness.';
COMMENT ON COLUMN sluice.materialized_tables.freshness_state IS 'OK, WARN or VIOLATED when it was last measured; NULL while suspended.';
