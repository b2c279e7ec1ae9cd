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
  changed_at timestamp with time zone NOT NULL
);
  CONSTRAINT cells_pkey PRIMARY KEY (table_id, partition);
  CONSTRAINT cells_state_check CHECK ((state = ANY (ARRAY['MISSING'::text, 'STALE'::text, 'FRESH'::text, 'FAILED'::text, 'FROZEN'::text])));

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
  started_at timestamp with time zone
);
  CONSTRAINT instances_pkey PRIMARY KEY (instance_id);
  CONSTRAINT instances_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text])));
  CREATE INDEX instances_by_workflow ON sluice_private.instances USING btree (workflow_id);
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
  CREATE INDEX refresh_runs_by_table ON sluice_private.refresh_runs USING btree (table_id, finished_at DESC);

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
  error text
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
  error text
);
  CONSTRAINT task_instances_pkey PRIMARY KEY (task_instance_id);
  CONSTRAINT task_instances_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'SUCCESSFUL'::text, 'FAILED'::text, 'CANCELED'::text, 'SKIPPED'::text])));
  CREATE INDEX task_instances_busy ON sluice_private.task_instances USING btree (resource) WHERE (status = 'RUNNING'::text);
  CREATE INDEX task_instances_by_instance ON sluice_private.task_instances USING btree (instance_id);
  CREATE INDEX task_instances_ready ON sluice_private.task_instances USING btree (priority, ready_at) WHERE ((status = 'PENDING'::text) AND (waiting = 0));
  CREATE INDEX task_instances_running ON sluice_private.task_instances USING btree (gateway_id) WHERE (status = 'RUNNING'::text);

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
  created_at timestamp with time zone NOT NULL
);
  CONSTRAINT workflows_database_name_key UNIQUE (database, name);
  CONSTRAINT workflows_kind_check CHECK ((kind = ANY (ARRAY['table'::text, 'user'::text])));
  CONSTRAINT workflows_pkey PRIMARY KEY (workflow_id);
  CREATE INDEX workflows_due ON sluice_private.workflows USING btree (next_due_at) WHERE (enabled AND (next_due_at IS NOT NULL));

CREATE OR REPLACE FUNCTION sluice_private.clock()
 RETURNS timestamp with time zone
 LANGUAGE sql
 PARALLEL SAFE
AS $function$ SELECT clock_timestamp() $function$;
