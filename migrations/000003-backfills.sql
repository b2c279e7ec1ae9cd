-- Backfills and their intervals.

-- A period of a workflow that is computed again. Its figures are counters: only who holds the row's lock changes
-- intervals, and changes both. `open` counts intervals with an instance, ended or not, whose end is not noted yet.
CREATE TABLE sluice_private.backfills (
  backfill_id    text PRIMARY KEY,
  -- Of a cascade: the backfill that a user asked for; lower levels end before higher ones begin.
  parent_id      text,
  level          integer NOT NULL DEFAULT 0,
  workflow_id    text NOT NULL,
  -- Instances of users' workflows run this version; a table's run the definition that it has by then.
  version        integer NOT NULL,
  database       text NOT NULL,
  range_start    text NOT NULL,
  range_end      text NOT NULL,
  -- The same as time; NULL for keys that are not time.
  period_start   timestamptz,
  period_end     timestamptz,
  -- PENDING: waits for lower levels.
  status         text NOT NULL CHECK (status IN ('PENDING', 'RUNNING', 'SUCCESSFUL', 'FAILED', 'CANCELED')),
  paused         boolean NOT NULL DEFAULT false,
  reason         text,
  parallelism    integer NOT NULL CHECK (parallelism > 0),
  queue          text,
  -- Keeps other exclusive ones of its workflow from meeting its range.
  exclusive      boolean NOT NULL,
  throttled      boolean NOT NULL,
  -- Throttled: no instance is made before.
  not_before     timestamptz,
  variables      jsonb NOT NULL,
  request        jsonb NOT NULL,
  options        jsonb NOT NULL,
  total          integer NOT NULL,
  pending        integer NOT NULL,
  open           integer NOT NULL DEFAULT 0,
  successful     integer NOT NULL DEFAULT 0,
  failed         integer NOT NULL DEFAULT 0,
  skipped        integer NOT NULL DEFAULT 0,
  canceled       integer NOT NULL DEFAULT 0,
  created_at     timestamptz NOT NULL,
  started_at     timestamptz,
  finished_at    timestamptz,
  CHECK (pending + open + successful + failed + skipped + canceled = total)
);
CREATE INDEX backfills_unfinished ON sluice_private.backfills (workflow_id) WHERE finished_at IS NULL;
CREATE INDEX backfills_by_parent ON sluice_private.backfills (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX backfills_by_time ON sluice_private.backfills (created_at DESC);

CREATE TABLE sluice_private.backfill_intervals (
  backfill_id     text NOT NULL,
  ordinal         integer NOT NULL,
  interval_start  timestamptz,
  interval_end    timestamptz,
  partition       text,
  -- OPEN: has an instance, which tells how far it is.
  status          text NOT NULL
    CHECK (status IN ('PENDING', 'OPEN', 'SUCCESSFUL', 'FAILED', 'CANCELED', 'SKIPPED')),
  reason          text,
  instance_id     text,
  PRIMARY KEY (backfill_id, ordinal)
);
CREATE INDEX backfill_intervals_next ON sluice_private.backfill_intervals (backfill_id, ordinal)
  WHERE status = 'PENDING';
CREATE INDEX backfill_intervals_open ON sluice_private.backfill_intervals (backfill_id, instance_id)
  WHERE status = 'OPEN';

CREATE VIEW sluice.backfills AS
SELECT b.backfill_id, coalesce(w.name, v.definition ->> 'name', '') AS workflow, b.database,
       t.name AS table_name, b.range_start, b.range_end,
       CASE WHEN b.paused AND b.status IN ('PENDING', 'RUNNING') THEN 'PAUSED' ELSE b.status END AS status,
       b.total, b.pending + queued.instances AS pending, b.open - queued.instances AS running,
       b.successful, b.failed, b.skipped + b.canceled AS skipped,
       b.started_at, b.finished_at,
       CASE WHEN b.status = 'RUNNING' AND NOT b.paused AND b.successful + b.failed > 0
         THEN sluice_private.clock() + (sluice_private.clock() - b.started_at)
           * ((b.pending + b.open)::double precision / (b.successful + b.failed))
       END AS eta,
       b.options, b.parent_id, b.reason, b.created_at, b.workflow_id
FROM sluice_private.backfills b
LEFT JOIN sluice_private.workflows w USING (workflow_id)
LEFT JOIN sluice_private.workflow_versions v ON v.workflow_id = b.workflow_id AND v.version = b.version
LEFT JOIN sluice_private.materialized_tables t ON t.workflow_id = b.workflow_id
CROSS JOIN LATERAL (
  SELECT count(*)::integer AS instances
  FROM sluice_private.backfill_intervals o JOIN sluice_private.instances i USING (instance_id)
  WHERE b.open > 0 AND o.backfill_id = b.backfill_id AND o.status = 'OPEN' AND i.status = 'PENDING') queued;
COMMENT ON VIEW sluice.backfills IS 'Backfills, open and ended.';
COMMENT ON COLUMN sluice.backfills.backfill_id IS 'Identity of the backfill.';
COMMENT ON COLUMN sluice.backfills.workflow IS 'Name of the workflow; table:<name> for that of a materialized table.';
COMMENT ON COLUMN sluice.backfills.database IS 'Schema of the workflow.';
COMMENT ON COLUMN sluice.backfills.table_name IS 'The materialized table; NULL for workflows of users.';
COMMENT ON COLUMN sluice.backfills.range_start IS 'FROM, as it was written.';
COMMENT ON COLUMN sluice.backfills.range_end IS 'TO, as it was written; not part of the range.';
COMMENT ON COLUMN sluice.backfills.status IS 'PENDING, RUNNING, PAUSED, SUCCESSFUL, FAILED or CANCELED.';
COMMENT ON COLUMN sluice.backfills.total IS 'Intervals: the sum of the five figures that follow.';
COMMENT ON COLUMN sluice.backfills.pending IS 'Intervals that wait.';
COMMENT ON COLUMN sluice.backfills.running IS 'Intervals that run.';
COMMENT ON COLUMN sluice.backfills.successful IS 'Intervals that were computed.';
COMMENT ON COLUMN sluice.backfills.failed IS 'Intervals that failed, after their retries.';
COMMENT ON COLUMN sluice.backfills.skipped IS 'Intervals that were not computed: skipped for a reason, or canceled.';
COMMENT ON COLUMN sluice.backfills.started_at IS 'When its first instance was made.';
COMMENT ON COLUMN sluice.backfills.finished_at IS 'When the last interval had ended; NULL while open.';
COMMENT ON COLUMN sluice.backfills.eta IS 'When it will end if it goes on like this; NULL if nothing tells.';
COMMENT ON COLUMN sluice.backfills.options IS 'Options as they were written.';
COMMENT ON COLUMN sluice.backfills.parent_id IS 'The backfill whose cascade it belongs to.';
COMMENT ON COLUMN sluice.backfills.reason IS 'Why it ended otherwise than by its intervals.';
COMMENT ON COLUMN sluice.backfills.created_at IS 'When it was asked for.';
COMMENT ON COLUMN sluice.backfills.workflow_id IS 'Identity of the workflow.';

CREATE VIEW sluice.backfill_intervals AS
SELECT b.backfill_id, b.ordinal, b.interval_start, b.interval_end, b.partition, b.instance_id,
       CASE b.status WHEN 'OPEN' THEN coalesce(i.status, 'RUNNING') ELSE b.status END AS status, b.reason
FROM sluice_private.backfill_intervals b
LEFT JOIN sluice_private.instances i ON b.status = 'OPEN' AND i.instance_id = b.instance_id;
COMMENT ON VIEW sluice.backfill_intervals IS 'Intervals of backfills, with how each ended or why it was not run.';
COMMENT ON COLUMN sluice.backfill_intervals.backfill_id IS 'The backfill it belongs to.';
COMMENT ON COLUMN sluice.backfill_intervals.ordinal IS 'Its place in the order of running, from 0.';
COMMENT ON COLUMN sluice.backfill_intervals.interval_start IS 'Its begin; NULL for keys that are not time.';
COMMENT ON COLUMN sluice.backfill_intervals.interval_end IS 'Its end; NULL for keys that are not time.';
COMMENT ON COLUMN sluice.backfill_intervals.partition IS 'The partition, if it is one; NULL: the interval decides.';
COMMENT ON COLUMN sluice.backfill_intervals.instance_id IS 'The instance that computes or computed it; NULL: none yet.';
COMMENT ON COLUMN sluice.backfill_intervals.status IS 'PENDING, RUNNING, SUCCESSFUL, FAILED, CANCELED or SKIPPED.';
COMMENT ON COLUMN sluice.backfill_intervals.reason IS 'Why it was not run, or the code of the error it ended by.';
