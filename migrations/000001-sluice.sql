-- The two schemas of Sluice. `sluice`: documented views and functions. `sluice_private`: everything else.
-- PostgreSQL 15 and newer; no superuser, no extension. The runner executes this in one transaction under an advisory
-- lock and creates the schemas (if the role may) before it.

-- What is due, leased or expired is decided by this clock. The tests' template database replaces the body.
CREATE FUNCTION sluice_private.clock() RETURNS timestamptz
  LANGUAGE sql VOLATILE PARALLEL SAFE
  AS $$ SELECT clock_timestamp() $$;

-- The trigger of stored tables: only a refresh, which sets sluice.refresh for its transaction, changes their rows.
CREATE FUNCTION sluice_private.refuse_dml() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF current_setting('sluice.refresh', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% of materialized table "%.%" is refused: its query alone fills it [MT-READONLY]',
    TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege',
      HINT = 'Change the tables that the query reads, and refresh.';
END $$;

-- Gateways: a row each, renewed by its heartbeat. Nothing a refresh transaction writes.
CREATE TABLE sluice_private.gateways (
  gateway_id  text PRIMARY KEY,
  host        text NOT NULL,
  pid         integer NOT NULL,
  version     text NOT NULL,
  started_at  timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL
);

-- Options that change meaning; a gateway configured differently refuses to start.
CREATE TABLE sluice_private.settings (
  key   text PRIMARY KEY,
  value text NOT NULL
);

-- Sessions survive the gateway that opened them.
CREATE TABLE sluice_private.sessions (
  session_handle   text PRIMARY KEY,
  session_name     text,
  properties       jsonb NOT NULL,
  -- current database (schema), PostgreSQL settings to replay: {"database": …, "settings": {…}}
  state            jsonb NOT NULL,
  created_at       timestamptz NOT NULL,
  last_access_at   timestamptz NOT NULL
);

-- Materialized tables ---------------------------------------------------------------------------------------------

CREATE TABLE sluice_private.materialized_tables (
  table_id          text PRIMARY KEY,
  database          text NOT NULL,
  name              text NOT NULL,
  relation          oid,                       -- NULL once the storage was dropped from outside
  status            text NOT NULL CHECK (status IN ('ACTIVATED', 'SUSPENDED')),
  original_query    text NOT NULL,
  expanded_query    text NOT NULL,
  definition        jsonb NOT NULL,            -- columns, keys, partition times, freshness, modes, start mode, options
  analysis          jsonb,                     -- what is known about the expanded query: sources, locality, time keys
  comment           text,
  time_zone         text NOT NULL,
  version           integer NOT NULL,
  workflow_id       text NOT NULL,
  created_at        timestamptz NOT NULL,
  altered_at        timestamptz NOT NULL,
  UNIQUE (database, name)
);

-- What a table's query reads: base relations and other materialized tables.
CREATE TABLE sluice_private.table_sources (
  table_id         text NOT NULL REFERENCES sluice_private.materialized_tables ON DELETE CASCADE,
  source_schema    text NOT NULL,
  source_name      text NOT NULL,
  source_oid       oid NOT NULL,
  source_table_id  text,                       -- set if the source is a materialized table
  PRIMARY KEY (table_id, source_oid)
);
CREATE INDEX table_sources_by_source ON sluice_private.table_sources (source_oid);

-- The ledger. Only the run that holds a cell updates its row; states QUEUED and RUNNING are derived.
CREATE TABLE sluice_private.cells (
  table_id        text NOT NULL,
  partition       text NOT NULL,               -- k1=v1/k2=v2, '' for an unpartitioned table
  spec            jsonb NOT NULL,
  state           text NOT NULL CHECK (state IN ('MISSING', 'STALE', 'FRESH', 'FAILED', 'FROZEN')),
  data_timestamp  timestamptz,
  row_count       bigint,
  last_run_id     text,
  reason          text,
  interval_start  timestamptz,
  interval_end    timestamptz,
  -- What the last run saw; a mark that is not visible in it is news. NULL: no run has filled the cell yet.
  snapshot        pg_snapshot,
  changed_at      timestamptz NOT NULL,
  PRIMARY KEY (table_id, partition)
);
CREATE INDEX cells_by_time ON sluice_private.cells (table_id, interval_end);

-- Notes of others about cells, appended, folded by the next run that claims them.
CREATE TABLE sluice_private.cell_marks (
  mark_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_id   text NOT NULL,
  partition  text,                             -- NULL: every cell of the table
  state      text NOT NULL CHECK (state IN ('MISSING', 'STALE', 'FROZEN')),
  reason     text NOT NULL,
  at         timestamptz NOT NULL,
  tx         xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX cell_marks_by_table ON sluice_private.cell_marks (table_id);

-- Scheduler ---------------------------------------------------------------------------------------------------------

CREATE TABLE sluice_private.workflows (
  workflow_id        text PRIMARY KEY,
  kind               text NOT NULL CHECK (kind IN ('table', 'user')),
  database           text NOT NULL,
  name               text NOT NULL,
  enabled            boolean NOT NULL,
  version            integer NOT NULL,
  -- The cursor of the schedule: the next slot that has no instance. NULL: nothing to come.
  next_due_at        timestamptz,
  -- Slots up to here are dealt with; the start of the next data interval.
  previous_fire_at   timestamptz,
  -- Grows with each run of a user workflow that somebody asked for: a tick that did not see it is void.
  revision           bigint NOT NULL DEFAULT 0,
  created_at         timestamptz NOT NULL,
  UNIQUE (database, name)
);
CREATE INDEX workflows_due ON sluice_private.workflows (next_due_at) WHERE enabled AND next_due_at IS NOT NULL;

CREATE TABLE sluice_private.workflow_versions (
  workflow_id  text NOT NULL,
  version      integer NOT NULL,
  definition   jsonb NOT NULL,
  created_at   timestamptz NOT NULL,
  PRIMARY KEY (workflow_id, version)
);

CREATE TABLE sluice_private.queues (
  queue        text PRIMARY KEY,
  concurrency  integer NOT NULL CHECK (concurrency > 0)
);
INSERT INTO sluice_private.queues VALUES ('default-queue', 10), ('tables', 8);

-- Never updated: the claim transaction locks the row of the resource to decide alone who may run beside whom.
CREATE TABLE sluice_private.resource_locks (
  resource  text PRIMARY KEY
);

-- Open instances; what has ended is in workflow_history.
CREATE TABLE sluice_private.instances (
  instance_id     text PRIMARY KEY,
  workflow_id     text NOT NULL,
  version         integer NOT NULL,
  trigger         text NOT NULL,
  interval_start  timestamptz,
  interval_end    timestamptz,
  scheduled_at    timestamptz NOT NULL,
  status          text NOT NULL CHECK (status IN ('PENDING', 'RUNNING')),
  detail          text,
  request         jsonb NOT NULL,
  variables       jsonb NOT NULL DEFAULT '{}',
  backfill_id     text,
  ordinal         integer,
  created_at      timestamptz NOT NULL,
  started_at      timestamptz,
  kind            text NOT NULL,
  -- Waits for an earlier instance of its workflow (overlap = queue); its tasks wait for one upstream more.
  gated           boolean NOT NULL DEFAULT false,
  task_count      integer NOT NULL,
  open_tasks      integer NOT NULL
);
CREATE UNIQUE INDEX instances_scheduled ON sluice_private.instances (workflow_id, interval_end)
  WHERE trigger IN ('SCHEDULE', 'CATCH_UP');
CREATE UNIQUE INDEX instances_of_backfill ON sluice_private.instances (backfill_id, ordinal);
CREATE INDEX instances_by_workflow ON sluice_private.instances (workflow_id);
CREATE INDEX instances_gated ON sluice_private.instances (workflow_id) WHERE gated;

-- Tasks of open instances. `token` changes at claim and takeover only; it is the fence.
CREATE TABLE sluice_private.task_instances (
  task_instance_id  text PRIMARY KEY,
  instance_id       text NOT NULL,
  workflow_id       text NOT NULL,
  task              text NOT NULL,
  status            text NOT NULL
    CHECK (status IN ('PENDING', 'RUNNING', 'SUCCESSFUL', 'FAILED', 'CANCELED', 'SKIPPED')),
  detail            text,
  -- Smaller runs first: MANUAL, COMMAND 0, INITIAL 1, SCHEDULE 2, CATCH_UP 3, REPAIR 4, BACKFILL 5.
  priority          smallint NOT NULL,
  queue             text NOT NULL,
  -- Upstream tasks that are not done; ready at 0.
  waiting           integer NOT NULL DEFAULT 0,
  ready_at          timestamptz NOT NULL,
  resource          text,
  scopes            jsonb,
  action            jsonb NOT NULL,
  attempt           integer NOT NULL DEFAULT 0,
  lost              integer NOT NULL DEFAULT 0,
  token             bigint NOT NULL DEFAULT 0,
  gateway_id        text,
  claimed_at        timestamptz,
  finished_at       timestamptz,
  error_code        text,
  error             text,
  -- Tasks of the same instance that wait for this one.
  downstream        text[] NOT NULL DEFAULT '{}',
  -- Resolved at creation: retries, delay, backoff, timeout (ms), anyError.
  policy            jsonb NOT NULL DEFAULT '{}',
  retryable         boolean NOT NULL DEFAULT false,
  -- An outcome is recorded by the worker's transaction and acted upon (retry, downstream, end) afterwards.
  advanced          boolean NOT NULL DEFAULT false,
  -- The server's start at the claim: if it differs at the end, the database died under the attempt.
  server_start      timestamptz
);
CREATE INDEX task_instances_ready ON sluice_private.task_instances (queue, priority, ready_at)
  WHERE status = 'PENDING' AND waiting = 0;
CREATE INDEX task_instances_later ON sluice_private.task_instances (ready_at)
  WHERE status = 'PENDING' AND detail = 'WAITING_RETRY';
CREATE INDEX task_instances_settled ON sluice_private.task_instances (finished_at)
  WHERE status NOT IN ('PENDING', 'RUNNING') AND NOT advanced;
CREATE INDEX task_instances_running ON sluice_private.task_instances (gateway_id) WHERE status = 'RUNNING';
CREATE INDEX task_instances_busy ON sluice_private.task_instances (resource) WHERE status = 'RUNNING';
CREATE INDEX task_instances_by_instance ON sluice_private.task_instances (instance_id);

-- Two claims on one resource exclude each other unless every pair of their scopes differs on a common key; a claim
-- without scopes is on all of it.
CREATE FUNCTION sluice_private.scopes_meet(a jsonb, b jsonb) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
    SELECT a IS NULL OR b IS NULL OR EXISTS (
      SELECT FROM jsonb_array_elements(a) x, jsonb_array_elements(b) y
      WHERE NOT EXISTS (SELECT FROM jsonb_each(x) e WHERE y ? e.key AND y -> e.key <> e.value))
  $$;

-- The backend that works for a running task: apart from the task's row, which only the worker's transaction writes.
CREATE TABLE sluice_private.task_backends (
  task_instance_id  text PRIMARY KEY,
  token             bigint NOT NULL,
  backend_pid       integer NOT NULL,
  backend_start     timestamptz NOT NULL
);

-- PENDING → RUNNING under a new token, for as many tasks as there is room for, at most `most`. READ COMMITTED, and never
-- waiting for another claim. Locked are, in this order: the queues (their limit counts over all gateways, so one claim at
-- a time may count), the candidates, their resources, their instances. Whoever holds a resource's row alone decides who
-- may run beside whom; every statement after a lock has a snapshot of its own and sees what the previous holder committed.
-- Of candidates that would exclude each other the first goes now, the others at a later claim.
-- The instance is read here too: a join outside would have the caller's older snapshot and lose a task whose instance
-- was committed meanwhile.
-- Its plans are made once for each connection, perhaps while the tables are empty: they must go by the indexes whatever
-- the statistics say, or each claim would read all that is ready.
-- The commit is not waited for. If the server dies before it is on disk, the task is PENDING again, and with it is lost
-- whatever was committed after it, since the log is flushed in order: an outcome that is durable makes its claim durable
-- first. Who still holds the forgotten claim is fenced by the token, which is drawn at random above the last one: a later
-- claim of the same row does not draw it again.
CREATE FUNCTION sluice_private.claim_tasks(by_gateway text, most integer)
  RETURNS TABLE (claimed_task sluice_private.task_instances, its_instance sluice_private.instances)
  LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off
  SET enable_bitmapscan = off
  SET enable_hashjoin = off
  SET enable_mergejoin = off
  AS $$
  DECLARE
    moment timestamptz := sluice_private.clock();
    counted text[];
    wanted text[];
    resources text[];
  BEGIN
    IF NOT EXISTS (
      SELECT FROM sluice_private.gateways g
      WHERE g.gateway_id = by_gateway AND g.expires_at > moment) THEN
      RETURN;
    END IF;
    counted := ARRAY (
      SELECT q.queue FROM sluice_private.queues q
      -- One probe of the index per queue, by its order; as EXISTS it would be planned as a scan of all that is ready.
      CROSS JOIN LATERAL (
        SELECT 1 FROM sluice_private.task_instances t
        WHERE t.queue = q.queue AND t.status = 'PENDING' AND t.waiting = 0
          AND t.ready_at <= moment
        ORDER BY t.priority, t.ready_at LIMIT 1) ready
      ORDER BY q.queue FOR UPDATE OF q SKIP LOCKED);
    IF counted = '{}' THEN
      RETURN;
    END IF;
    PERFORM set_config('synchronous_commit', 'off', true);
    -- What is blocked by a running task is passed over, so that it does not keep others from their turn.
    WITH free AS MATERIALIZED (
      SELECT q.queue, least(q.concurrency - (
        SELECT count(*) FROM sluice_private.task_instances r
        WHERE r.status = 'RUNNING' AND r.queue = q.queue), most::bigint) AS slots
      FROM sluice_private.queues q WHERE q.queue = ANY (counted)
    ), first AS MATERIALIZED (
      SELECT c.*, row_number() OVER (ORDER BY c.priority, c.ready_at) AS turn
      FROM free f CROSS JOIN LATERAL (
        SELECT t.task_instance_id, t.resource, t.scopes, t.priority, t.ready_at
        FROM sluice_private.task_instances t
        WHERE t.queue = f.queue AND t.status = 'PENDING' AND t.waiting = 0
          AND t.ready_at <= moment
          AND NOT EXISTS (
            SELECT FROM sluice_private.task_instances r
            WHERE r.status = 'RUNNING' AND r.resource = t.resource
              AND sluice_private.scopes_meet(r.scopes, t.scopes))
          AND NOT EXISTS (
            SELECT FROM sluice_private.cancel_requests k WHERE k.instance_id = t.instance_id)
        -- The index's order alone: a tie-break would read and sort a group of rows for each claim.
        ORDER BY t.priority, t.ready_at
        LIMIT greatest(f.slots, 0) FOR UPDATE OF t SKIP LOCKED
      ) c
    )
    SELECT array_agg(c.task_instance_id ORDER BY c.turn),
      array_agg(DISTINCT c.resource) FILTER (WHERE c.resource IS NOT NULL)
    INTO wanted, resources
    FROM first c
    WHERE c.turn <= most AND (c.resource IS NULL OR NOT EXISTS (
      SELECT FROM first e
      WHERE e.resource = c.resource AND e.turn < c.turn
        AND sluice_private.scopes_meet(e.scopes, c.scopes)));
    IF wanted IS NULL THEN
      RETURN;
    END IF;
    IF resources IS NOT NULL THEN
      resources := ARRAY (
        SELECT l.resource FROM sluice_private.resource_locks l
        WHERE l.resource = ANY (resources) ORDER BY l.resource FOR UPDATE SKIP LOCKED);
    END IF;
    RETURN QUERY
    WITH claimed AS (
      UPDATE sluice_private.task_instances t
      SET status = 'RUNNING', detail = NULL, attempt = t.attempt + 1,
          token = t.token + 1 + floor(random() * 1e12)::bigint,
          gateway_id = by_gateway, claimed_at = moment, finished_at = NULL,
          error_code = NULL, error = NULL, server_start = pg_postmaster_start_time()
      WHERE t.task_instance_id = ANY (wanted)
        AND (t.resource IS NULL OR t.resource = ANY (resources))
        AND NOT EXISTS (
          SELECT FROM sluice_private.task_instances r
          WHERE r.status = 'RUNNING' AND r.resource = t.resource
            AND sluice_private.scopes_meet(r.scopes, t.scopes))
      RETURNING t.*
    ), first AS MATERIALIZED (
      SELECT i.instance_id FROM sluice_private.instances i
      WHERE i.status = 'PENDING' AND i.instance_id = ANY (ARRAY (SELECT c.instance_id FROM claimed c))
      ORDER BY i.instance_id FOR NO KEY UPDATE
    ), begun AS (
      UPDATE sluice_private.instances i
      SET status = 'RUNNING', detail = NULL, started_at = moment
      FROM first WHERE i.instance_id = first.instance_id
    )
    SELECT c::sluice_private.task_instances, i
    FROM claimed c JOIN sluice_private.instances i ON i.instance_id = c.instance_id;
  END
  $$;

-- Wishes of users, apart from the rows that workers write.
CREATE TABLE sluice_private.cancel_requests (
  instance_id   text PRIMARY KEY,
  requested_at  timestamptz NOT NULL,
  reason        text NOT NULL
);

-- Unfenced, best effort.
CREATE TABLE sluice_private.task_progress (
  task_instance_id  text PRIMARY KEY,
  done              bigint NOT NULL,
  total             bigint NOT NULL,
  note              text NOT NULL,
  at                timestamptz NOT NULL
);

-- One row for each attempt that ended, appended.
CREATE TABLE sluice_private.task_attempts (
  task_instance_id  text NOT NULL,
  attempt           integer NOT NULL,
  status            text NOT NULL,
  detail            text,
  gateway_id        text,
  claimed_at        timestamptz,
  finished_at       timestamptz NOT NULL,
  error_code        text,
  error             text
);
CREATE INDEX task_attempts_by_task ON sluice_private.task_attempts (task_instance_id);

-- History: what has ended, moved here by the transaction that ends it.
CREATE TABLE sluice_private.instance_history (
  instance_id     text NOT NULL,
  workflow_id     text NOT NULL,
  version         integer NOT NULL,
  trigger         text NOT NULL,
  interval_start  timestamptz,
  interval_end    timestamptz,
  scheduled_at    timestamptz NOT NULL,
  status          text NOT NULL CHECK (status IN ('SUCCESSFUL', 'FAILED', 'CANCELED', 'SKIPPED')),
  detail          text,
  request         jsonb NOT NULL,
  variables       jsonb NOT NULL,
  backfill_id     text,
  ordinal         integer,
  created_at      timestamptz NOT NULL,
  started_at      timestamptz,
  finished_at     timestamptz NOT NULL,
  error_code      text,
  error           text,
  PRIMARY KEY (instance_id)
);
CREATE INDEX instance_history_by_workflow ON sluice_private.instance_history (workflow_id, finished_at DESC);
CREATE UNIQUE INDEX instance_history_scheduled ON sluice_private.instance_history (workflow_id, interval_end)
  WHERE trigger IN ('SCHEDULE', 'CATCH_UP');

CREATE TABLE sluice_private.task_history (
  LIKE sluice_private.task_instances,
  PRIMARY KEY (task_instance_id)
);
CREATE INDEX task_history_by_instance ON sluice_private.task_history (instance_id);

-- One row for each passage through the door into a table, appended when it ends.
CREATE TABLE sluice_private.refresh_runs (
  run_id            text PRIMARY KEY,
  table_id          text NOT NULL,
  database          text NOT NULL,
  name              text NOT NULL,
  instance_id       text NOT NULL,
  task_instance_id  text NOT NULL,
  trigger           text NOT NULL,
  interval_start    timestamptz,
  interval_end      timestamptz,
  partitions        text[],                    -- NULL: the whole table
  attempt           integer NOT NULL,
  table_version     integer,                   -- of the definition that ran; a retry runs no other
  due_at            timestamptz NOT NULL,
  claimed_at        timestamptz NOT NULL,
  started_at        timestamptz NOT NULL,
  finished_at       timestamptz NOT NULL,
  data_timestamp    timestamptz,
  status            text NOT NULL CHECK (status IN ('SUCCESSFUL', 'FAILED', 'CANCELED', 'SKIPPED')),
  tactic            text,
  plan_branch       text,
  rows_inserted     bigint NOT NULL DEFAULT 0,
  rows_updated      bigint NOT NULL DEFAULT 0,
  rows_deleted      bigint NOT NULL DEFAULT 0,
  error_code        text,
  error             text,
  reason            text
);
CREATE INDEX refresh_runs_by_table ON sluice_private.refresh_runs (table_id, finished_at DESC);
CREATE INDEX refresh_runs_by_instance ON sluice_private.refresh_runs (instance_id);
CREATE INDEX refresh_runs_good ON sluice_private.refresh_runs (table_id, finished_at DESC) WHERE status = 'SUCCESSFUL';
CREATE INDEX refresh_runs_by_time ON sluice_private.refresh_runs (finished_at DESC, run_id);
CREATE INDEX refresh_runs_by_name ON sluice_private.refresh_runs (database, name, finished_at DESC);
CREATE INDEX task_instances_open ON sluice_private.task_instances (resource) WHERE status IN ('PENDING', 'RUNNING');
CREATE INDEX instance_history_by_time ON sluice_private.instance_history (scheduled_at DESC, instance_id);

-- Views -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION sluice_private.partition_encode(text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT replace(replace(replace(replace($1, '%', '%25'), '/', '%2F'), '=', '%3D'), '\', '%5C') $$;

CREATE FUNCTION sluice_private.partition_decode(text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT replace(replace(replace(replace($1, '%5C', '\'), '%3D', '='), '%2F', '/'), '%25', '%') $$;

-- The text form of a partition: k1=v1/k2=v2 in key order, special characters percent-encoded, NULL as \N.
CREATE FUNCTION sluice_private.partition_text(keys jsonb, spec jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
    SELECT coalesce(string_agg(
      sluice_private.partition_encode(k.key) || '='
        || coalesce(sluice_private.partition_encode(spec ->> k.key), '\N'), '/' ORDER BY k.ordinal), '')
    FROM jsonb_array_elements_text(keys) WITH ORDINALITY AS k (key, ordinal) WHERE spec ? k.key
  $$;

-- The spec of a text form.
CREATE FUNCTION sluice_private.partition_spec(partition text) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
    SELECT coalesce(jsonb_object_agg(
      sluice_private.partition_decode(split_part(part, '=', 1)),
      CASE split_part(part, '=', 2) WHEN '\N' THEN NULL
        ELSE sluice_private.partition_decode(split_part(part, '=', 2)) END), '{}')
    FROM unnest(string_to_array(nullif(partition, ''), '/')) AS part
  $$;

-- The ledger as it is now: rows of cells, marks that no run has taken in, and what is queued or running. Cells that
-- only a mark or an open task names are in it too.
CREATE VIEW sluice_private.ledger AS
SELECT t.table_id, t.database, t.name, k.partition, k.spec,
       CASE
         WHEN busy.status IS NOT NULL THEN busy.status
         WHEN k.interval_end < sluice_private.clock() - (t.definition -> 'options' ->> 'freeze.after')::interval
           THEN 'FROZEN'
         ELSE coalesce(mark.state, k.state)
       END AS state,
       k.data_timestamp, k.row_count, k.last_run_id, coalesce(mark.reason, k.reason) AS reason,
       k.interval_start, k.interval_end, k.changed_at
FROM sluice_private.materialized_tables t
-- Asked once a table: most tables have neither marks nor open tasks, and then no cell need ask.
CROSS JOIN LATERAL (
  SELECT EXISTS (SELECT FROM sluice_private.cell_marks m WHERE m.table_id = t.table_id) AS marks,
         EXISTS (SELECT FROM sluice_private.task_instances i
                 WHERE i.resource = t.table_id AND i.status IN ('PENDING', 'RUNNING')) AS tasks) has
CROSS JOIN LATERAL (
  SELECT c.partition, c.spec, c.state, c.data_timestamp, c.row_count, c.last_run_id, c.reason,
         c.interval_start, c.interval_end, c.changed_at, c.snapshot
  FROM sluice_private.cells c WHERE c.table_id = t.table_id
  UNION ALL
  SELECT DISTINCT ON (m.partition)
         m.partition, sluice_private.partition_spec(m.partition), m.state, NULL, NULL, NULL, m.reason,
         NULL, NULL, m.at, NULL
  FROM sluice_private.cell_marks m
  WHERE m.table_id = t.table_id AND m.partition IS NOT NULL
    AND NOT EXISTS (SELECT FROM sluice_private.cells c
                    WHERE c.table_id = m.table_id AND c.partition = m.partition)
  UNION ALL
  SELECT DISTINCT ON (p.partition) p.partition, s.spec, 'MISSING', NULL, NULL, NULL, NULL, NULL, NULL,
         i.ready_at, NULL
  FROM sluice_private.task_instances i
  CROSS JOIN LATERAL jsonb_array_elements(i.scopes) AS s (spec)
  CROSS JOIN LATERAL (
    SELECT sluice_private.partition_text(t.definition -> 'partitionKeys', s.spec) AS partition) p
  WHERE i.resource = t.table_id AND i.status IN ('PENDING', 'RUNNING')
    AND s.spec ?& ARRAY(SELECT jsonb_array_elements_text(t.definition -> 'partitionKeys'))
    AND NOT EXISTS (SELECT FROM sluice_private.cells c
                    WHERE c.table_id = t.table_id AND c.partition = p.partition)
    AND NOT EXISTS (SELECT FROM sluice_private.cell_marks m
                    WHERE m.table_id = t.table_id AND m.partition = p.partition)
) k
LEFT JOIN LATERAL (
  SELECT m.state, m.reason
  FROM sluice_private.cell_marks m
  WHERE has.marks AND m.table_id = t.table_id AND (m.partition IS NULL OR m.partition = k.partition)
    AND (k.snapshot IS NULL OR NOT pg_visible_in_snapshot(m.tx, k.snapshot))
    AND (k.state <> 'FAILED' OR m.at > k.changed_at)
  ORDER BY m.mark_id DESC LIMIT 1
) mark ON true
LEFT JOIN LATERAL (
  SELECT CASE WHEN bool_or(i.status = 'RUNNING') THEN 'RUNNING' ELSE 'QUEUED' END AS status
  FROM sluice_private.task_instances i
  WHERE has.tasks AND i.resource = t.table_id AND i.status IN ('PENDING', 'RUNNING')
    AND (i.scopes IS NULL OR EXISTS (
      SELECT FROM jsonb_array_elements(i.scopes) AS s (spec) WHERE k.spec @> s.spec))
  HAVING count(*) > 0
) busy ON true;

CREATE VIEW sluice.materialized_tables AS
SELECT current_database()::text AS catalog, t.database, t.name, t.status,
       t.definition ->> 'refreshMode' AS refresh_mode,
       t.definition ->> 'requestedMode' AS requested_mode,
       t.definition ->> 'modeReason' AS mode_reason,
       f.freshness, d.data_timestamp, l.lag,
       CASE WHEN w.enabled THEN w.next_due_at END AS next_refresh,
       good.finished_at AS last_refresh, last.status AS last_status, last.error AS last_error,
       d.row_count,
       pg_total_relation_size(r.oid) AS bytes,
       t.status = 'ACTIVATED' AND r.oid IS NOT NULL AND last.status IS DISTINCT FROM 'FAILED'
         AND coalesce(l.lag, sluice_private.clock() - t.created_at) <= 2 * f.freshness AS healthy,
       pg_get_userbyid(r.relowner)::text AS owner,
       t.original_query AS query, t.comment, t.time_zone, t.version, t.created_at, t.altered_at, t.table_id
FROM sluice_private.materialized_tables t
LEFT JOIN sluice_private.workflows w ON w.workflow_id = t.workflow_id
LEFT JOIN LATERAL (
  SELECT c.oid, c.relowner FROM pg_class c
  WHERE c.oid = to_regclass(format('%I.%I', t.database, t.name))) r ON true
CROSS JOIN LATERAL (
  SELECT ((t.definition -> 'freshness' ->> 'amount') || ' '
          || (t.definition -> 'freshness' ->> 'unit'))::interval AS freshness) f
-- A cell that was computed after its slice of time had ended is complete; the others limit how fresh the table is.
CROSS JOIN LATERAL (
  SELECT coalesce(
           min(c.data_timestamp) FILTER (
             WHERE c.interval_end IS NULL OR c.data_timestamp < c.interval_end),
           max(c.data_timestamp)) AS data_timestamp,
         sum(c.row_count)::bigint AS row_count
  FROM sluice_private.cells c WHERE c.table_id = t.table_id) d
CROSS JOIN LATERAL (SELECT sluice_private.clock() - d.data_timestamp AS lag) l
LEFT JOIN LATERAL (
  SELECT x.status, x.error FROM sluice_private.refresh_runs x
  WHERE x.table_id = t.table_id ORDER BY x.finished_at DESC LIMIT 1) last ON true
LEFT JOIN LATERAL (
  SELECT x.finished_at FROM sluice_private.refresh_runs x
  WHERE x.table_id = t.table_id AND x.status = 'SUCCESSFUL'
  ORDER BY x.finished_at DESC LIMIT 1) good ON true;
COMMENT ON VIEW sluice.materialized_tables IS 'Materialized tables: how fresh they are, and why.';
COMMENT ON COLUMN sluice.materialized_tables.catalog IS 'The database that holds the table: the catalog of Flink.';
COMMENT ON COLUMN sluice.materialized_tables.database IS 'The schema that holds the table: the database of Flink.';
COMMENT ON COLUMN sluice.materialized_tables.name IS 'Name of the table.';
COMMENT ON COLUMN sluice.materialized_tables.status IS 'ACTIVATED or SUSPENDED.';
COMMENT ON COLUMN sluice.materialized_tables.refresh_mode IS 'The mode in force: FULL or CONTINUOUS.';
COMMENT ON COLUMN sluice.materialized_tables.requested_mode IS 'The mode asked for; AUTOMATIC if none was.';
COMMENT ON COLUMN sluice.materialized_tables.mode_reason IS 'Why an inferred mode is what it is; NULL if it was asked for.';
COMMENT ON COLUMN sluice.materialized_tables.freshness IS 'The declared freshness.';
COMMENT ON COLUMN sluice.materialized_tables.data_timestamp IS 'The rows equal the query as of this time or later; NULL before the first load.';
COMMENT ON COLUMN sluice.materialized_tables.lag IS 'How old the rows are now.';
COMMENT ON COLUMN sluice.materialized_tables.next_refresh IS 'The next slot of the schedule; NULL while suspended.';
COMMENT ON COLUMN sluice.materialized_tables.last_refresh IS 'When the last successful run ended.';
COMMENT ON COLUMN sluice.materialized_tables.last_status IS 'How the last run ended.';
COMMENT ON COLUMN sluice.materialized_tables.last_error IS 'Its error, if it failed.';
COMMENT ON COLUMN sluice.materialized_tables.row_count IS 'Rows, as the runs counted them.';
COMMENT ON COLUMN sluice.materialized_tables.bytes IS 'Size on disk with indexes; NULL if the stored table is gone.';
COMMENT ON COLUMN sluice.materialized_tables.healthy IS 'Active, the last run did not fail, and not older than twice the freshness.';
COMMENT ON COLUMN sluice.materialized_tables.owner IS 'Role that owns the stored table.';
COMMENT ON COLUMN sluice.materialized_tables.query IS 'The query as the user wrote it.';
COMMENT ON COLUMN sluice.materialized_tables.comment IS 'Comment of the table.';
COMMENT ON COLUMN sluice.materialized_tables.time_zone IS 'Zone of the schedule and of partition labels.';
COMMENT ON COLUMN sluice.materialized_tables.version IS 'Grows with each change of the definition.';
COMMENT ON COLUMN sluice.materialized_tables.created_at IS 'When the table was created.';
COMMENT ON COLUMN sluice.materialized_tables.altered_at IS 'When its definition last changed.';
COMMENT ON COLUMN sluice.materialized_tables.table_id IS 'Identity of the table, whatever its name.';

CREATE VIEW sluice.partitions AS
SELECT l.database, l.name, l.partition, l.state, l.data_timestamp,
       CASE WHEN l.state = 'MISSING' THEN NULL
            ELSE least(l.data_timestamp, l.interval_end) END AS complete_until,
       l.row_count, l.last_run_id, l.reason, l.changed_at, l.interval_start, l.interval_end
FROM sluice_private.ledger l;
COMMENT ON VIEW sluice.partitions IS 'The partition ledger: every partition known to a table or due by its schedule.';
COMMENT ON COLUMN sluice.partitions.database IS 'Schema of the table.';
COMMENT ON COLUMN sluice.partitions.name IS 'Name of the table.';
COMMENT ON COLUMN sluice.partitions.partition IS 'k1=v1/k2=v2, percent-encoded; empty for a table without partitions.';
COMMENT ON COLUMN sluice.partitions.state IS 'MISSING, STALE, QUEUED, RUNNING, FRESH, FAILED or FROZEN.';
COMMENT ON COLUMN sluice.partitions.data_timestamp IS 'The rows equal the query as of this time; NULL before they were first computed.';
COMMENT ON COLUMN sluice.partitions.complete_until IS 'Rows of the slice of time up to here are in; NULL for keys that are not time.';
COMMENT ON COLUMN sluice.partitions.row_count IS 'Rows, as the last run counted them.';
COMMENT ON COLUMN sluice.partitions.last_run_id IS 'The last run that tried, in refresh_runs.';
COMMENT ON COLUMN sluice.partitions.reason IS 'Why it is MISSING, STALE or FAILED: a reason or an error code.';
COMMENT ON COLUMN sluice.partitions.changed_at IS 'When the row last changed.';
COMMENT ON COLUMN sluice.partitions.interval_start IS 'Begin of the slice of time it stands for; NULL for keys that are not time.';
COMMENT ON COLUMN sluice.partitions.interval_end IS 'End of that slice, exclusive.';

CREATE VIEW sluice.refresh_runs AS
SELECT run_id, database, name, instance_id, trigger, interval_start, interval_end, partitions, attempt,
       due_at, started_at, finished_at, status, tactic, plan_branch, rows_inserted, rows_updated,
       rows_deleted, error_code, error, reason, claimed_at, data_timestamp, table_id, task_instance_id,
       table_version
FROM sluice_private.refresh_runs;
COMMENT ON VIEW sluice.refresh_runs IS 'Every passage through the door into a table that has ended.';
COMMENT ON COLUMN sluice.refresh_runs.run_id IS 'Identity of the run.';
COMMENT ON COLUMN sluice.refresh_runs.database IS 'Schema of the table, when it ran.';
COMMENT ON COLUMN sluice.refresh_runs.name IS 'Name of the table, when it ran.';
COMMENT ON COLUMN sluice.refresh_runs.instance_id IS 'The workflow instance it belongs to; the job id of REFRESH.';
COMMENT ON COLUMN sluice.refresh_runs.trigger IS 'INITIAL, SCHEDULE, CATCH_UP, MANUAL, BACKFILL, REPAIR or COMMAND.';
COMMENT ON COLUMN sluice.refresh_runs.interval_start IS 'Begin of the data interval; NULL for runs that were asked for.';
COMMENT ON COLUMN sluice.refresh_runs.interval_end IS 'Its end: the scheduled time.';
COMMENT ON COLUMN sluice.refresh_runs.partitions IS 'What was computed; NULL: the whole table.';
COMMENT ON COLUMN sluice.refresh_runs.attempt IS 'Number of the attempt, from 1.';
COMMENT ON COLUMN sluice.refresh_runs.due_at IS 'When it could have started.';
COMMENT ON COLUMN sluice.refresh_runs.started_at IS 'When it started.';
COMMENT ON COLUMN sluice.refresh_runs.finished_at IS 'When it ended.';
COMMENT ON COLUMN sluice.refresh_runs.status IS 'SUCCESSFUL, FAILED, CANCELED or SKIPPED.';
COMMENT ON COLUMN sluice.refresh_runs.tactic IS 'How rows were published: diff-apply, delete-insert or swap.';
COMMENT ON COLUMN sluice.refresh_runs.plan_branch IS 'The branch of the plan that was taken, with what was measured.';
COMMENT ON COLUMN sluice.refresh_runs.rows_inserted IS 'Rows inserted.';
COMMENT ON COLUMN sluice.refresh_runs.rows_updated IS 'Rows updated.';
COMMENT ON COLUMN sluice.refresh_runs.rows_deleted IS 'Rows deleted.';
COMMENT ON COLUMN sluice.refresh_runs.error_code IS 'Code of the error; docs/reference/errors.md lists them.';
COMMENT ON COLUMN sluice.refresh_runs.error IS 'The error in words.';
COMMENT ON COLUMN sluice.refresh_runs.reason IS 'Why it was skipped, canceled, or ran otherwise than planned.';
COMMENT ON COLUMN sluice.refresh_runs.claimed_at IS 'When a gateway took it.';
COMMENT ON COLUMN sluice.refresh_runs.data_timestamp IS 'Time of the snapshot it read.';
COMMENT ON COLUMN sluice.refresh_runs.table_id IS 'Identity of the table.';
COMMENT ON COLUMN sluice.refresh_runs.task_instance_id IS 'The task instance.';
COMMENT ON COLUMN sluice.refresh_runs.table_version IS 'Version of the definition that ran.';

CREATE VIEW sluice.workflows AS
SELECT w.name AS workflow, w.kind, w.database, t.name AS table_name, w.enabled, w.version,
       CASE s.spec ->> 'kind'
         WHEN 'cron' THEN format('CRON %L', s.spec ->> 'expression')
         WHEN 'every' THEN format('EVERY INTERVAL %L %s', s.spec ->> 'amount', s.spec ->> 'unit')
         ELSE 'MANUAL'
       END AS schedule,
       v.definition ->> 'timeZone' AS time_zone,
       to_timestamp((v.definition ->> 'startAt')::double precision / 1000) AS starts_at,
       to_timestamp((v.definition ->> 'endAt')::double precision / 1000) AS ends_at,
       CASE WHEN w.enabled THEN w.next_due_at END AS next_execution,
       (SELECT max(h.started_at) FROM sluice_private.instance_history h
        WHERE h.workflow_id = w.workflow_id) AS last_execution,
       (SELECT count(*) FROM sluice_private.instances i
        WHERE i.workflow_id = w.workflow_id AND i.status = 'PENDING') AS pending,
       (SELECT count(*) FROM sluice_private.instances i
        WHERE i.workflow_id = w.workflow_id AND i.status = 'RUNNING') AS running,
       (SELECT count(*) FROM sluice_private.instance_history h
        WHERE h.workflow_id = w.workflow_id AND h.status = 'SUCCESSFUL') AS successful,
       (SELECT count(*) FROM sluice_private.instance_history h
        WHERE h.workflow_id = w.workflow_id AND h.status = 'FAILED') AS failed,
       coalesce((SELECT jsonb_object_agg(substr(o.key, 5), o.value)
                 FROM jsonb_each_text(t.definition -> 'options') o WHERE o.key LIKE 'tag.%'), '{}') AS tags,
       w.created_at, w.workflow_id,
       to_timestamp((s.spec ->> 'anchor')::double precision / 1000) AS anchor
FROM sluice_private.workflows w
LEFT JOIN sluice_private.workflow_versions v USING (workflow_id, version)
LEFT JOIN sluice_private.materialized_tables t USING (workflow_id)
CROSS JOIN LATERAL (SELECT v.definition -> 'schedule' AS spec) s;
COMMENT ON VIEW sluice.workflows IS 'Workflows: those of users, and one for each materialized table.';
COMMENT ON COLUMN sluice.workflows.workflow IS 'Name; table:<name> for the workflow of a materialized table.';
COMMENT ON COLUMN sluice.workflows.kind IS 'table or user.';
COMMENT ON COLUMN sluice.workflows.database IS 'Schema it belongs to.';
COMMENT ON COLUMN sluice.workflows.table_name IS 'The materialized table it keeps fresh; NULL for workflows of users.';
COMMENT ON COLUMN sluice.workflows.enabled IS 'Its schedule runs.';
COMMENT ON COLUMN sluice.workflows.version IS 'Version of the definition.';
COMMENT ON COLUMN sluice.workflows.schedule IS 'CRON, EVERY INTERVAL or MANUAL.';
COMMENT ON COLUMN sluice.workflows.time_zone IS 'Zone of the schedule.';
COMMENT ON COLUMN sluice.workflows.starts_at IS 'No slot before it.';
COMMENT ON COLUMN sluice.workflows.ends_at IS 'No slot from it on.';
COMMENT ON COLUMN sluice.workflows.next_execution IS 'The next slot; NULL while disabled.';
COMMENT ON COLUMN sluice.workflows.last_execution IS 'When the last ended instance started.';
COMMENT ON COLUMN sluice.workflows.pending IS 'Instances that wait.';
COMMENT ON COLUMN sluice.workflows.running IS 'Instances that run.';
COMMENT ON COLUMN sluice.workflows.successful IS 'Instances that ended well and are still in the history.';
COMMENT ON COLUMN sluice.workflows.failed IS 'Instances that failed and are still in the history.';
COMMENT ON COLUMN sluice.workflows.tags IS 'Tags, by name.';
COMMENT ON COLUMN sluice.workflows.created_at IS 'When it was created.';
COMMENT ON COLUMN sluice.workflows.workflow_id IS 'Identity of the workflow.';
COMMENT ON COLUMN sluice.workflows.anchor IS 'Where the slots of a freshness begin to count; NULL: aligned to the clock.';

CREATE VIEW sluice.workflow_tasks AS
SELECT w.name AS workflow, k.task ->> 'name' AS task, k.task -> 'action' ->> 'type' AS action,
       ARRAY(SELECT jsonb_array_elements_text(k.task -> 'upstream')) AS upstream,
       k.task - 'name' - 'upstream' - 'action' AS options, w.database, k.ordinal
FROM sluice_private.workflows w
JOIN sluice_private.workflow_versions v USING (workflow_id, version)
CROSS JOIN LATERAL jsonb_array_elements(v.definition -> 'tasks') WITH ORDINALITY AS k (task, ordinal);
COMMENT ON VIEW sluice.workflow_tasks IS 'Tasks of the current version of each workflow.';
COMMENT ON COLUMN sluice.workflow_tasks.workflow IS 'Name of the workflow.';
COMMENT ON COLUMN sluice.workflow_tasks.task IS 'Name of the task.';
COMMENT ON COLUMN sluice.workflow_tasks.action IS 'What it does: refresh.';
COMMENT ON COLUMN sluice.workflow_tasks.upstream IS 'Tasks that must be done before.';
COMMENT ON COLUMN sluice.workflow_tasks.options IS 'Queue, retries and timeout (milliseconds).';
COMMENT ON COLUMN sluice.workflow_tasks.database IS 'Schema of the workflow.';
COMMENT ON COLUMN sluice.workflow_tasks.ordinal IS 'Its place in the definition, from 1.';

CREATE VIEW sluice.workflow_instances AS
SELECT i.instance_id, coalesce(w.name, '') AS workflow, i.version, i.trigger, i.interval_start,
       i.interval_end, i.scheduled_at, i.status,
       coalesce(i.detail, CASE i.status WHEN 'PENDING' THEN 'QUEUED' END) AS detail,
       i.started_at, NULL::timestamptz AS finished_at,
       sluice_private.clock() - i.started_at AS duration, i.backfill_id, i.variables,
       (SELECT max(k.gateway_id) FROM sluice_private.task_instances k
        WHERE k.instance_id = i.instance_id AND k.status = 'RUNNING') AS gateway,
       coalesce(w.database, '') AS database, NULL::text AS error_code, NULL::text AS error, i.workflow_id
FROM sluice_private.instances i LEFT JOIN sluice_private.workflows w USING (workflow_id)
UNION ALL
SELECT h.instance_id, coalesce(w.name, v.definition ->> 'name', ''), h.version, h.trigger,
       h.interval_start, h.interval_end, h.scheduled_at, h.status, h.detail, h.started_at, h.finished_at,
       h.finished_at - h.started_at, h.backfill_id, h.variables,
       (SELECT max(k.gateway_id) FROM sluice_private.task_history k WHERE k.instance_id = h.instance_id),
       coalesce(w.database, v.definition ->> 'database', ''), h.error_code, h.error, h.workflow_id
FROM sluice_private.instance_history h
LEFT JOIN sluice_private.workflows w USING (workflow_id)
LEFT JOIN sluice_private.workflow_versions v
  ON v.workflow_id = h.workflow_id AND v.version = h.version;
COMMENT ON VIEW sluice.workflow_instances IS 'Runs of workflows, open and ended.';
COMMENT ON COLUMN sluice.workflow_instances.instance_id IS 'Identity of the run; the job id of SHOW JOBS.';
COMMENT ON COLUMN sluice.workflow_instances.workflow IS 'Name of the workflow.';
COMMENT ON COLUMN sluice.workflow_instances.version IS 'Version of the workflow that it runs.';
COMMENT ON COLUMN sluice.workflow_instances.trigger IS 'INITIAL, SCHEDULE, CATCH_UP, MANUAL, BACKFILL, REPAIR or COMMAND.';
COMMENT ON COLUMN sluice.workflow_instances.interval_start IS 'Begin of the data interval.';
COMMENT ON COLUMN sluice.workflow_instances.interval_end IS 'End of the data interval.';
COMMENT ON COLUMN sluice.workflow_instances.scheduled_at IS 'The scheduled time, or when it was asked for.';
COMMENT ON COLUMN sluice.workflow_instances.status IS 'PENDING, RUNNING, SUCCESSFUL, FAILED, CANCELED or SKIPPED.';
COMMENT ON COLUMN sluice.workflow_instances.detail IS 'A finer word: QUEUED, WAITING_RETRY, TIMED_OUT, MISSED, SUPERSEDED, …';
COMMENT ON COLUMN sluice.workflow_instances.started_at IS 'When its first task started.';
COMMENT ON COLUMN sluice.workflow_instances.finished_at IS 'When it ended; NULL while open.';
COMMENT ON COLUMN sluice.workflow_instances.duration IS 'How long it took, or has been running.';
COMMENT ON COLUMN sluice.workflow_instances.backfill_id IS 'The backfill it belongs to.';
COMMENT ON COLUMN sluice.workflow_instances.variables IS 'Variables as resolved for this run.';
COMMENT ON COLUMN sluice.workflow_instances.gateway IS 'The gateway that runs or ran it.';
COMMENT ON COLUMN sluice.workflow_instances.database IS 'Schema of the workflow.';
COMMENT ON COLUMN sluice.workflow_instances.error_code IS 'Code of the error it ended by.';
COMMENT ON COLUMN sluice.workflow_instances.error IS 'That error in words.';
COMMENT ON COLUMN sluice.workflow_instances.workflow_id IS 'Identity of the workflow.';

CREATE VIEW sluice.task_instances AS
SELECT k.task_instance_id, k.instance_id, k.task, k.status,
       coalesce(k.detail, CASE k.status WHEN 'PENDING' THEN 'QUEUED' END) AS detail, k.attempt,
       (SELECT count(*) FROM sluice_private.task_attempts a
        WHERE a.task_instance_id = k.task_instance_id)
         + CASE WHEN k.status = 'RUNNING' THEN 1 ELSE 0 END AS attempts,
       k.queue, k.ready_at AS due_at, k.claimed_at,
       (SELECT max(r.started_at) FROM sluice_private.refresh_runs r
        WHERE r.instance_id = k.instance_id AND r.task_instance_id = k.task_instance_id) AS started_at,
       k.finished_at, k.gateway_id AS gateway,
       (SELECT r.run_id FROM sluice_private.refresh_runs r
        WHERE r.instance_id = k.instance_id AND r.task_instance_id = k.task_instance_id
        ORDER BY r.finished_at DESC LIMIT 1) AS run_id,
       k.error_code, k.error, p.done, p.total, p.note
FROM (SELECT * FROM sluice_private.task_instances UNION ALL SELECT * FROM sluice_private.task_history) k
LEFT JOIN sluice_private.task_progress p USING (task_instance_id);
COMMENT ON VIEW sluice.task_instances IS 'Runs of tasks, open and ended.';
COMMENT ON COLUMN sluice.task_instances.task_instance_id IS 'Identity of the task''s run.';
COMMENT ON COLUMN sluice.task_instances.instance_id IS 'The workflow instance it belongs to.';
COMMENT ON COLUMN sluice.task_instances.task IS 'Name of the task.';
COMMENT ON COLUMN sluice.task_instances.status IS 'PENDING, RUNNING, SUCCESSFUL, FAILED, CANCELED or SKIPPED.';
COMMENT ON COLUMN sluice.task_instances.detail IS 'A finer word.';
COMMENT ON COLUMN sluice.task_instances.attempt IS 'Number of the last attempt.';
COMMENT ON COLUMN sluice.task_instances.attempts IS 'Attempts made, reruns included.';
COMMENT ON COLUMN sluice.task_instances.queue IS 'The queue it runs in.';
COMMENT ON COLUMN sluice.task_instances.due_at IS 'When it could start.';
COMMENT ON COLUMN sluice.task_instances.claimed_at IS 'When a gateway took it.';
COMMENT ON COLUMN sluice.task_instances.started_at IS 'When its last recorded refresh run started.';
COMMENT ON COLUMN sluice.task_instances.finished_at IS 'When it ended.';
COMMENT ON COLUMN sluice.task_instances.gateway IS 'The gateway that runs or ran it.';
COMMENT ON COLUMN sluice.task_instances.run_id IS 'Its last run in refresh_runs.';
COMMENT ON COLUMN sluice.task_instances.error_code IS 'Code of the error.';
COMMENT ON COLUMN sluice.task_instances.error IS 'The error in words.';
COMMENT ON COLUMN sluice.task_instances.done IS 'Progress: what is done.';
COMMENT ON COLUMN sluice.task_instances.total IS 'Progress: of how much.';
COMMENT ON COLUMN sluice.task_instances.note IS 'Progress in words.';

CREATE VIEW sluice.queues AS
SELECT q.queue, q.concurrency,
       (SELECT count(*) FROM sluice_private.task_instances k
        WHERE k.queue = q.queue AND k.status = 'RUNNING') AS running,
       (SELECT count(*) FROM sluice_private.task_instances k
        WHERE k.queue = q.queue AND k.status = 'PENDING') AS pending
FROM sluice_private.queues q;
COMMENT ON VIEW sluice.queues IS 'Queues and their load over all gateways.';
COMMENT ON COLUMN sluice.queues.queue IS 'Name of the queue.';
COMMENT ON COLUMN sluice.queues.concurrency IS 'Tasks that may run at a time.';
COMMENT ON COLUMN sluice.queues.running IS 'Tasks that run.';
COMMENT ON COLUMN sluice.queues.pending IS 'Tasks that wait.';

CREATE VIEW sluice.gateways AS
SELECT g.gateway_id, g.host, g.pid, g.version, g.started_at, g.expires_at,
       g.expires_at > sluice_private.clock() AS alive,
       (SELECT count(*) FROM sluice_private.task_instances k
        WHERE k.gateway_id = g.gateway_id AND k.status = 'RUNNING') AS running
FROM sluice_private.gateways g;
COMMENT ON VIEW sluice.gateways IS 'Gateways that share this database.';
COMMENT ON COLUMN sluice.gateways.gateway_id IS 'Identity of the gateway process.';
COMMENT ON COLUMN sluice.gateways.host IS 'Host it runs on.';
COMMENT ON COLUMN sluice.gateways.pid IS 'Its process id.';
COMMENT ON COLUMN sluice.gateways.version IS 'Version of Sluice.';
COMMENT ON COLUMN sluice.gateways.started_at IS 'When it started.';
COMMENT ON COLUMN sluice.gateways.expires_at IS 'Its lease ends then unless it is renewed.';
COMMENT ON COLUMN sluice.gateways.alive IS 'Its lease has not ended.';
COMMENT ON COLUMN sluice.gateways.running IS 'Tasks that it runs.';

CREATE VIEW sluice.lineage AS
SELECT t.database, t.name, s.source_schema AS source_database, s.source_name,
       s.source_table_id IS NOT NULL AS source_is_materialized_table
FROM sluice_private.table_sources s JOIN sluice_private.materialized_tables t USING (table_id);
COMMENT ON VIEW sluice.lineage IS 'What each materialized table reads, through views too.';
COMMENT ON COLUMN sluice.lineage.database IS 'Schema of the table.';
COMMENT ON COLUMN sluice.lineage.name IS 'Name of the table.';
COMMENT ON COLUMN sluice.lineage.source_database IS 'Schema of what it reads.';
COMMENT ON COLUMN sluice.lineage.source_name IS 'Name of what it reads.';
COMMENT ON COLUMN sluice.lineage.source_is_materialized_table IS 'That is a materialized table too.';
