CREATE TABLE sluice_private.cancel_requests (
  instance_id text NOT NULL,
  requested_at timestamp with time zone NOT NULL,
  reason text NOT NULL
);
  CONSTRAINT cancel_requests_pkey PRIMARY KEY (instance_id);

CREATE TABLE sluice_private.cell_marks (
  mark_id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  table_id text NOT NULL,
  partition text,
  state text NOT NULL,
  reason text NOT NULL,
  at timestamp with time zone NOT NULL,
  tx xid8 NOT NULL DEFAULT pg_current_xact_id()
);
  CONSTRAINT cell_marks_pkey PRIMARY KEY (mark_id);
  CONSTRAINT cell_marks_state_check CHECK ((state = ANY (ARRAY['MISSING'::text, 'STALE'::text, 'FROZEN'::text])));
  CREATE INDEX cell_marks_by_table ON sluice_private.cell_marks USING btree (table_id);

CREATE TABLE sluice_private.cells (
  table_id text NOT NULL,
  partition text NOT NULL,
  spec jsonb NOT NULL,
  state text NOT NULL,
  data_timestamp timestamp with time zone,
  row_count bigint,
  last_run_id text,
  reason text,
  interval_start timestamp with time zone,
  interval_end timestamp with time zone,
  snapshot pg_snapshot,
  changed_at timestamp with time zone NOT NULL
);
  CONSTRAINT cells_pkey PRIMARY KEY (table_id, partition);
  CONSTRAINT cells_state_check CHECK ((state = ANY (ARRAY['MISSING'::text, 'STALE'::text, 'FRESH'::text, 'FAILED'::text, 'FROZEN'::text])));
  CREATE INDEX cells_by_time ON sluice_private.cells USING btree (table_id, interval_end);

CREATE TABLE sluice_private.gateways (
  gateway_id text NOT NULL,
  host text NOT NULL,
  pid integer NOT NULL,
  version text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL
);
  CONSTRAINT gateways_pkey PRIMARY KEY (gateway_id);

CREATE TABLE sluice_private.instance_history (
  instance_id text NOT NULL,
  workflow_id text NOT NULL,
  version integer NOT NULL,
  trigger text NOT NULL,
  interval_start timestamp with time zone,
  interval_end timestamp with time zone,
  scheduled_at timestamp with time zone NOT NULL,
  status text NOT NULL,
  detail text,
  request jsonb NOT NULL,
  variables jsonb NOT NULL,
  backfill_id text,
  ordinal integer,
  created_at timestamp with time zone NOT NULL,
  started_at timestamp with time zone,
  finished_at timestamp with time zone NOT NULL,
  error_code text,
  error text
);
  CONSTRAINT instance_history_pkey PRIMARY KEY (instance_id);
  CONSTRAINT instance_history_status_check CHECK ((status = ANY (ARRAY['SUCCESSFUL'::text, 'FAILED'::text, 'CANCELED'::text, 'SKIPPED'::text])));
  CREATE INDEX instance_history_by_time ON sluice_private.instance_history USING btree (scheduled_at DESC, instance_id);
  CREATE INDEX instance_history_by_workflow ON sluice_private.instance_history USING btree (workflow_id, finished_at DESC);
  CREATE UNIQUE INDEX instance_history_scheduled ON sluice_private.instance_history USING btree (workflow_id, interval_end) WHERE (trigger = ANY (ARRAY['SCHEDULE'::text, 'CATCH_UP'::text]));

CREATE TABLE sluice_private.instances (
  instance_id text NOT NULL,
  workflow_id text NOT NULL,
  version integer NOT NULL,
  trigger text NOT NULL,
  interval_start timestamp with time zone,
  interval_end timestamp with time zone,
  scheduled_at timestamp with time zone NOT NULL,
  status text NOT NULL,
  detail text,
  request jsonb NOT NULL,
  variables jsonb NOT NULL DEFAULT '{}'::jsonb,
  backfill_id text,
  ordinal integer,
  created_at timestamp with time zone NOT NULL,
  started_at timestamp with time zone,
  kind text NOT NULL,
  gated boolean NOT NULL DEFAULT false,
  task_count integer NOT NULL,
  open_tasks integer NOT NULL
);
  CONSTRAINT instances_pkey PRIMARY KEY (instance_id);
  CONSTRAINT instances_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text])));
  CREATE INDEX instances_by_workflow ON sluice_private.instances USING btree (workflow_id);
  CREATE INDEX instances_gated ON sluice_private.instances USING btree (workflow_id) WHERE gated;
  CREATE UNIQUE INDEX instances_of_backfill ON sluice_private.instances USING btree (backfill_id, ordinal);
  CREATE UNIQUE INDEX instances_scheduled ON sluice_private.instances USING btree (workflow_id, interval_end) WHERE (trigger = ANY (ARRAY['SCHEDULE'::text, 'CATCH_UP'::text]));

CREATE TABLE sluice_private.materialized_tables (
  table_id text NOT NULL,
  database text NOT NULL,
  name text NOT NULL,
  relation oid,
  status text NOT NULL,
  original_query text NOT NULL,
  expanded_query text NOT NULL,
  definition jsonb NOT NULL,
  analysis jsonb,
  comment text,
  time_zone text NOT NULL,
  version integer NOT NULL,
  workflow_id text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  altered_at timestamp with time zone NOT NULL
);
  CONSTRAINT materialized_tables_database_name_key UNIQUE (database, name);
  CONSTRAINT materialized_tables_pkey PRIMARY KEY (table_id);
  CONSTRAINT materialized_tables_status_check CHECK ((status = ANY (ARRAY['ACTIVATED'::text, 'SUSPENDED'::text])));

CREATE TABLE sluice_private.migrations (
  version integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  min_reader integer NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
);
  CONSTRAINT migrations_pkey PRIMARY KEY (version);

CREATE TABLE sluice_private.queues (
  queue text NOT NULL,
  concurrency integer NOT NULL
);
  CONSTRAINT queues_concurrency_check CHECK ((concurrency > 0));
  CONSTRAINT queues_pkey PRIMARY KEY (queue);

CREATE TABLE sluice_private.refresh_runs (
  run_id text NOT NULL,
  table_id text NOT NULL,
  database text NOT NULL,
  name text NOT NULL,
  instance_id text NOT NULL,
  task_instance_id text NOT NULL,
  trigger text NOT NULL,
  interval_start timestamp with time zone,
  interval_end timestamp with time zone,
  partitions text[],
  attempt integer NOT NULL,
  table_version integer,
  due_at timestamp with time zone NOT NULL,
  claimed_at timestamp with time zone NOT NULL,
  started_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone NOT NULL,
  data_timestamp timestamp with time zone,
  status text NOT NULL,
  tactic text,
  plan_branch text,
  rows_inserted bigint NOT NULL DEFAULT 0,
  rows_updated bigint NOT NULL DEFAULT 0,
  rows_deleted bigint NOT NULL DEFAULT 0,
  error_code text,
  error text,
  reason text
);
  CONSTRAINT refresh_runs_pkey PRIMARY KEY (run_id);
  CONSTRAINT refresh_runs_status_check CHECK ((status = ANY (ARRAY['SUCCESSFUL'::text, 'FAILED'::text, 'CANCELED'::text, 'SKIPPED'::text])));
  CREATE INDEX refresh_runs_by_instance ON sluice_private.refresh_runs USING btree (instance_id);
  CREATE INDEX refresh_runs_by_name ON sluice_private.refresh_runs USING btree (database, name, finished_at DESC);
  CREATE INDEX refresh_runs_by_table ON sluice_private.refresh_runs USING btree (table_id, finished_at DESC);
  CREATE INDEX refresh_runs_by_time ON sluice_private.refresh_runs USING btree (finished_at DESC, run_id);
  CREATE INDEX refresh_runs_good ON sluice_private.refresh_runs USING btree (table_id, finished_at DESC) WHERE (status = 'SUCCESSFUL'::text);

CREATE TABLE sluice_private.resource_locks (
  resource text NOT NULL
);
  CONSTRAINT resource_locks_pkey PRIMARY KEY (resource);

CREATE TABLE sluice_private.sessions (
  session_handle text NOT NULL,
  session_name text,
  properties jsonb NOT NULL,
  state jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  last_access_at timestamp with time zone NOT NULL
);
  CONSTRAINT sessions_pkey PRIMARY KEY (session_handle);

CREATE TABLE sluice_private.settings (
  key text NOT NULL,
  value text NOT NULL
);
  CONSTRAINT settings_pkey PRIMARY KEY (key);

CREATE TABLE sluice_private.table_sources (
  table_id text NOT NULL,
  source_schema text NOT NULL,
  source_name text NOT NULL,
  source_oid oid NOT NULL,
  source_table_id text
);
  CONSTRAINT table_sources_pkey PRIMARY KEY (table_id, source_oid);
  CONSTRAINT table_sources_table_id_fkey FOREIGN KEY (table_id) REFERENCES sluice_private.materialized_tables(table_id) ON DELETE CASCADE;
  CREATE INDEX table_sources_by_source ON sluice_private.table_sources USING btree (source_oid);

CREATE TABLE sluice_private.task_attempts (
  task_instance_id text NOT NULL,
  attempt integer NOT NULL,
  status text NOT NULL,
  detail text,
  gateway_id text,
  claimed_at timestamp with time zone,
  finished_at timestamp with time zone NOT NULL,
  error_code text,
  error text
);
  CREATE INDEX task_attempts_by_task ON sluice_private.task_attempts USING btree (task_instance_id);

CREATE TABLE sluice_private.task_backends (
  task_instance_id text NOT NULL,
  token bigint NOT NULL,
  backend_pid integer NOT NULL,
  backend_start timestamp with time zone NOT NULL
);
  CONSTRAINT task_backends_pkey PRIMARY KEY (task_instance_id);

CREATE TABLE sluice_private.task_history (
  task_instance_id text NOT NULL,
  instance_id text NOT NULL,
  workflow_id text NOT NULL,
  task text NOT NULL,
  status text NOT NULL,
  detail text,
  priority smallint NOT NULL,
  queue text NOT NULL,
  waiting integer NOT NULL,
  ready_at timestamp with time zone NOT NULL,
  resource text,
  scopes jsonb,
  action jsonb NOT NULL,
  attempt integer NOT NULL,
  lost integer NOT NULL,
  token bigint NOT NULL,
  gateway_id text,
  claimed_at timestamp with time zone,
  finished_at timestamp with time zone,
  error_code text,
  error text,
  downstream text[] NOT NULL,
  policy jsonb NOT NULL,
  retryable boolean NOT NULL,
  advanced boolean NOT NULL,
  server_start timestamp with time zone
);
  CONSTRAINT task_history_pkey PRIMARY KEY (task_instance_id);
  CREATE INDEX task_history_by_instance ON sluice_private.task_history USING btree (instance_id);

CREATE TABLE sluice_private.task_instances (
  task_instance_id text NOT NULL,
  instance_id text NOT NULL,
  workflow_id text NOT NULL,
  task text NOT NULL,
  status text NOT NULL,
  detail text,
  priority smallint NOT NULL,
  queue text NOT NULL,
  waiting integer NOT NULL DEFAULT 0,
  ready_at timestamp with time zone NOT NULL,
  resource text,
  scopes jsonb,
  action jsonb NOT NULL,
  attempt integer NOT NULL DEFAULT 0,
  lost integer NOT NULL DEFAULT 0,
  token bigint NOT NULL DEFAULT 0,
  gateway_id text,
  claimed_at timestamp with time zone,
  finished_at timestamp with time zone,
  error_code text,
  error text,
  downstream text[] NOT NULL DEFAULT '{}'::text[],
  policy jsonb NOT NULL DEFAULT '{}'::jsonb,
  retryable boolean NOT NULL DEFAULT false,
  advanced boolean NOT NULL DEFAULT false,
  server_start timestamp with time zone
);
  CONSTRAINT task_instances_pkey PRIMARY KEY (task_instance_id);
  CONSTRAINT task_instances_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'SUCCESSFUL'::text, 'FAILED'::text, 'CANCELED'::text, 'SKIPPED'::text])));
  CREATE INDEX task_instances_busy ON sluice_private.task_instances USING btree (resource) WHERE (status = 'RUNNING'::text);
  CREATE INDEX task_instances_by_instance ON sluice_private.task_instances USING btree (instance_id);
  CREATE INDEX task_instances_later ON sluice_private.task_instances USING btree (ready_at) WHERE ((status = 'PENDING'::text) AND (detail = 'WAITING_RETRY'::text));
  CREATE INDEX task_instances_open ON sluice_private.task_instances USING btree (resource) WHERE (status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text]));
  CREATE INDEX task_instances_ready ON sluice_private.task_instances USING btree (queue, priority, ready_at) WHERE ((status = 'PENDING'::text) AND (waiting = 0));
  CREATE INDEX task_instances_running ON sluice_private.task_instances USING btree (gateway_id) WHERE (status = 'RUNNING'::text);
  CREATE INDEX task_instances_settled ON sluice_private.task_instances USING btree (finished_at) WHERE ((status <> ALL (ARRAY['PENDING'::text, 'RUNNING'::text])) AND (NOT advanced));

CREATE TABLE sluice_private.task_progress (
  task_instance_id text NOT NULL,
  done bigint NOT NULL,
  total bigint NOT NULL,
  note text NOT NULL,
  at timestamp with time zone NOT NULL
);
  CONSTRAINT task_progress_pkey PRIMARY KEY (task_instance_id);

CREATE TABLE sluice_private.workflow_versions (
  workflow_id text NOT NULL,
  version integer NOT NULL,
  definition jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL
);
  CONSTRAINT workflow_versions_pkey PRIMARY KEY (workflow_id, version);

CREATE TABLE sluice_private.workflows (
  workflow_id text NOT NULL,
  kind text NOT NULL,
  database text NOT NULL,
  name text NOT NULL,
  enabled boolean NOT NULL,
  version integer NOT NULL,
  next_due_at timestamp with time zone,
  previous_fire_at timestamp with time zone,
  revision bigint NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL
);
  CONSTRAINT workflows_database_name_key UNIQUE (database, name);
  CONSTRAINT workflows_kind_check CHECK ((kind = ANY (ARRAY['table'::text, 'user'::text])));
  CONSTRAINT workflows_pkey PRIMARY KEY (workflow_id);
  CREATE INDEX workflows_due ON sluice_private.workflows USING btree (next_due_at) WHERE (enabled AND (next_due_at IS NOT NULL));

CREATE VIEW sluice.gateways (
  gateway_id text,
  host text,
  pid integer,
  version text,
  started_at timestamp with time zone,
  expires_at timestamp with time zone,
  alive boolean,
  running bigint
);

CREATE VIEW sluice.lineage (
  database text,
  name text,
  source_database text,
  source_name text,
  source_is_materialized_table boolean
);

CREATE VIEW sluice.materialized_tables (
  catalog text,
  database text,
  name text,
  status text,
  refresh_mode text,
  requested_mode text,
  mode_reason text,
  freshness interval,
  data_timestamp timestamp with time zone,
  lag interval,
  next_refresh timestamp with time zone,
  last_refresh timestamp with time zone,
  last_status text,
  last_error text,
  row_count bigint,
  bytes bigint,
  healthy boolean,
  owner text,
  query text,
  comment text,
  time_zone text,
  version integer,
  created_at timestamp with time zone,
  altered_at timestamp with time zone,
  table_id text
);

CREATE VIEW sluice.partitions (
  database text,
  name text,
  partition text,
  state text,
  data_timestamp timestamp with time zone,
  complete_until timestamp with time zone,
  row_count bigint,
  last_run_id text,
  reason text,
  changed_at timestamp with time zone,
  interval_start timestamp with time zone,
  interval_end timestamp with time zone
);

CREATE VIEW sluice.queues (
  queue text,
  concurrency integer,
  running bigint,
  pending bigint
);

CREATE VIEW sluice.refresh_runs (
  run_id text,
  database text,
  name text,
  instance_id text,
  trigger text,
  interval_start timestamp with time zone,
  interval_end timestamp with time zone,
  partitions text[],
  attempt integer,
  due_at timestamp with time zone,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  status text,
  tactic text,
  plan_branch text,
  rows_inserted bigint,
  rows_updated bigint,
  rows_deleted bigint,
  error_code text,
  error text,
  reason text,
  claimed_at timestamp with time zone,
  data_timestamp timestamp with time zone,
  table_id text,
  task_instance_id text,
  table_version integer
);

CREATE VIEW sluice.task_instances (
  task_instance_id text,
  instance_id text,
  task text,
  status text,
  detail text,
  attempt integer,
  attempts bigint,
  queue text,
  due_at timestamp with time zone,
  claimed_at timestamp with time zone,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  gateway text,
  run_id text,
  error_code text,
  error text,
  done bigint,
  total bigint,
  note text
);

CREATE VIEW sluice.workflow_instances (
  instance_id text,
  workflow text,
  version integer,
  trigger text,
  interval_start timestamp with time zone,
  interval_end timestamp with time zone,
  scheduled_at timestamp with time zone,
  status text,
  detail text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  duration interval,
  backfill_id text,
  variables jsonb,
  gateway text,
  database text,
  error_code text,
  error text,
  workflow_id text
);

CREATE VIEW sluice.workflow_tasks (
  workflow text,
  task text,
  action text,
  upstream text[],
  options jsonb,
  database text,
  ordinal bigint
);

CREATE VIEW sluice.workflows (
  workflow text,
  kind text,
  database text,
  table_name text,
  enabled boolean,
  version integer,
  schedule text,
  time_zone text,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  next_execution timestamp with time zone,
  last_execution timestamp with time zone,
  pending bigint,
  running bigint,
  successful bigint,
  failed bigint,
  tags jsonb,
  created_at timestamp with time zone,
  workflow_id text,
  anchor timestamp with time zone
);

CREATE VIEW sluice_private.ledger (
  table_id text,
  database text,
  name text,
  partition text,
  spec jsonb,
  state text,
  data_timestamp timestamp with time zone,
  row_count bigint,
  last_run_id text,
  reason text,
  interval_start timestamp with time zone,
  interval_end timestamp with time zone,
  changed_at timestamp with time zone
);

CREATE OR REPLACE FUNCTION sluice_private.claim_tasks(by_gateway text, most integer)
 RETURNS TABLE(claimed_task sluice_private.task_instances, its_instance sluice_private.instances)
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
  DECLARE
    moment timestamptz := sluice_private.clock();
    counted text[];
    candidate record;
    claimed sluice_private.task_instances;
    started text[] := '{}';
  BEGIN
    IF NOT EXISTS (
      SELECT FROM sluice_private.gateways g
      WHERE g.gateway_id = by_gateway AND g.expires_at > moment) THEN
      RETURN;
    END IF;
    PERFORM set_config('synchronous_commit', 'off', true);
    counted := ARRAY (
      SELECT q.queue FROM sluice_private.queues q
      -- One probe of the index per queue, by its order; as EXISTS it would be planned as a scan of all that is ready.
      CROSS JOIN LATERAL (
        SELECT 1 FROM sluice_private.task_instances t
        WHERE t.queue = q.queue AND t.status = 'PENDING' AND t.waiting = 0
          AND t.ready_at <= moment
        ORDER BY t.priority, t.ready_at LIMIT 1) ready
      ORDER BY q.queue FOR UPDATE OF q SKIP LOCKED);
    -- What is blocked by a running task is passed over, so that it does not keep others from their turn.
    FOR candidate IN
      WITH free AS MATERIALIZED (
        SELECT q.queue, least(q.concurrency - (
          SELECT count(*) FROM sluice_private.task_instances r
          WHERE r.status = 'RUNNING' AND r.queue = q.queue), most::bigint) AS slots
        FROM sluice_private.queues q WHERE q.queue = ANY (counted)
      )
      SELECT c.task_instance_id, c.resource
      FROM free f CROSS JOIN LATERAL (
        SELECT t.task_instance_id, t.resource, t.priority, t.ready_at
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
      ORDER BY c.priority, c.ready_at LIMIT most
    LOOP
      IF candidate.resource IS NOT NULL THEN
        PERFORM FROM sluice_private.resource_locks l
        WHERE l.resource = candidate.resource FOR UPDATE SKIP LOCKED;
        CONTINUE WHEN NOT FOUND;
      END IF;
      UPDATE sluice_private.task_instances t
      SET status = 'RUNNING', detail = NULL, attempt = t.attempt + 1,
          token = t.token + 1 + floor(random() * 1e12)::bigint,
          gateway_id = by_gateway, claimed_at = moment, finished_at = NULL,
          error_code = NULL, error = NULL, server_start = pg_postmaster_start_time()
      WHERE t.task_instance_id = candidate.task_instance_id
        AND NOT EXISTS (
          SELECT FROM sluice_private.task_instances r
          WHERE r.status = 'RUNNING' AND r.resource = t.resource
            AND sluice_private.scopes_meet(r.scopes, t.scopes))
      RETURNING t.* INTO claimed;
      CONTINUE WHEN NOT FOUND;
      started := started || claimed.instance_id;
      claimed_task := claimed;
      SELECT i.* INTO its_instance FROM sluice_private.instances i
      WHERE i.instance_id = claimed.instance_id;
      RETURN NEXT;
    END LOOP;
    WITH first AS MATERIALIZED (
      SELECT i.instance_id FROM sluice_private.instances i
      WHERE i.status = 'PENDING' AND i.instance_id = ANY (started)
      ORDER BY i.instance_id FOR NO KEY UPDATE
    )
    UPDATE sluice_private.instances i
    SET status = 'RUNNING', detail = NULL, started_at = moment
    FROM first WHERE i.instance_id = first.instance_id;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.clock()
 RETURNS timestamp with time zone
 LANGUAGE sql
 PARALLEL SAFE
AS $function$ SELECT clock_timestamp() $function$;

CREATE OR REPLACE FUNCTION sluice_private.partition_decode(text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ SELECT replace(replace(replace(replace($1, '%5C', '\'), '%3D', '='), '%2F', '/'), '%25', '%') $function$;

CREATE OR REPLACE FUNCTION sluice_private.partition_encode(text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ SELECT replace(replace(replace(replace($1, '%', '%25'), '/', '%2F'), '=', '%3D'), '\', '%5C') $function$;

CREATE OR REPLACE FUNCTION sluice_private.partition_spec(partition text)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT coalesce(jsonb_object_agg(
      sluice_private.partition_decode(split_part(part, '=', 1)),
      CASE split_part(part, '=', 2) WHEN '\N' THEN NULL
        ELSE sluice_private.partition_decode(split_part(part, '=', 2)) END), '{}')
    FROM unnest(string_to_array(nullif(partition, ''), '/')) AS part
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.partition_text(keys jsonb, spec jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT coalesce(string_agg(
      sluice_private.partition_encode(k.key) || '='
        || coalesce(sluice_private.partition_encode(spec ->> k.key), '\N'), '/' ORDER BY k.ordinal), '')
    FROM jsonb_array_elements_text(keys) WITH ORDINALITY AS k (key, ordinal) WHERE spec ? k.key
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.refuse_dml()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF current_setting('sluice.refresh', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% of materialized table "%.%" is refused: its query alone fills it [MT-READONLY]',
    TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege',
      HINT = 'Change the tables that the query reads, and refresh.';
END $function$;

CREATE OR REPLACE FUNCTION sluice_private.scopes_meet(a jsonb, b jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT a IS NULL OR b IS NULL OR EXISTS (
      SELECT FROM jsonb_array_elements(a) x, jsonb_array_elements(b) y
      WHERE NOT EXISTS (SELECT FROM jsonb_each(x) e WHERE y ? e.key AND y -> e.key <> e.value))
  $function$;
