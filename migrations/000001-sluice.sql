-- The two schemas of Sluice. `sluice`: documented views and functions. `sluice_private`: everything else.
-- PostgreSQL 15 and newer; no superuser, no extension. The runner executes this in one transaction under an advisory
-- lock and creates the schemas (if the role may) before it.

-- What is due, leased or expired is decided by this clock. The tests' template database replaces the body.
CREATE FUNCTION sluice_private.clock() RETURNS timestamptz
  LANGUAGE sql VOLATILE PARALLEL SAFE
  AS $$ SELECT clock_timestamp() $$;

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
