CREATE TABLE sluice_private.backfill_intervals (
  backfill_id text NOT NULL,
  ordinal integer NOT NULL,
  interval_start timestamp with time zone,
  interval_end timestamp with time zone,
  partition text,
  status text NOT NULL,
  reason text,
  instance_id text
);
  CONSTRAINT backfill_intervals_pkey PRIMARY KEY (backfill_id, ordinal);
  CONSTRAINT backfill_intervals_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'OPEN'::text, 'SUCCESSFUL'::text, 'FAILED'::text, 'CANCELED'::text, 'SKIPPED'::text])));
  CREATE INDEX backfill_intervals_next ON sluice_private.backfill_intervals USING btree (backfill_id, ordinal) WHERE (status = 'PENDING'::text);
  CREATE INDEX backfill_intervals_open ON sluice_private.backfill_intervals USING btree (backfill_id, instance_id) WHERE (status = 'OPEN'::text);

CREATE TABLE sluice_private.backfills (
  backfill_id text NOT NULL,
  parent_id text,
  level integer NOT NULL DEFAULT 0,
  workflow_id text NOT NULL,
  version integer NOT NULL,
  database text NOT NULL,
  range_start text NOT NULL,
  range_end text NOT NULL,
  period_start timestamp with time zone,
  period_end timestamp with time zone,
  status text NOT NULL,
  paused boolean NOT NULL DEFAULT false,
  reason text,
  parallelism integer NOT NULL,
  queue text,
  exclusive boolean NOT NULL,
  throttled boolean NOT NULL,
  not_before timestamp with time zone,
  variables jsonb NOT NULL,
  request jsonb NOT NULL,
  options jsonb NOT NULL,
  total integer NOT NULL,
  pending integer NOT NULL,
  open integer NOT NULL DEFAULT 0,
  successful integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  skipped integer NOT NULL DEFAULT 0,
  canceled integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL,
  started_at timestamp with time zone,
  finished_at timestamp with time zone
);
  CONSTRAINT backfills_check CHECK (((((((pending + open) + successful) + failed) + skipped) + canceled) = total));
  CONSTRAINT backfills_parallelism_check CHECK ((parallelism > 0));
  CONSTRAINT backfills_pkey PRIMARY KEY (backfill_id);
  CONSTRAINT backfills_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'SUCCESSFUL'::text, 'FAILED'::text, 'CANCELED'::text])));
  CREATE INDEX backfills_by_parent ON sluice_private.backfills USING btree (parent_id) WHERE (parent_id IS NOT NULL);
  CREATE INDEX backfills_by_time ON sluice_private.backfills USING btree (created_at DESC);
  CREATE INDEX backfills_unfinished ON sluice_private.backfills USING btree (workflow_id) WHERE (finished_at IS NULL);

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
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  spec jsonb
);
  CONSTRAINT cell_marks_pkey PRIMARY KEY (mark_id);
  CONSTRAINT cell_marks_state_check CHECK ((state = ANY (ARRAY['MISSING'::text, 'STALE'::text, 'FROZEN'::text])));
  CREATE INDEX cell_marks_by_cell ON sluice_private.cell_marks USING btree (table_id, partition);
  CREATE INDEX cell_marks_partial ON sluice_private.cell_marks USING btree (table_id) WHERE (spec IS NOT NULL);

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
  changed_at timestamp with time zone NOT NULL,
  root_timestamp timestamp with time zone
);
  CONSTRAINT cells_pkey PRIMARY KEY (table_id, partition);
  CONSTRAINT cells_state_check CHECK ((state = ANY (ARRAY['MISSING'::text, 'STALE'::text, 'FRESH'::text, 'FAILED'::text, 'FROZEN'::text])));
  CREATE INDEX cells_by_time ON sluice_private.cells USING btree (table_id, interval_end);
  CREATE INDEX cells_failed ON sluice_private.cells USING btree (table_id) WHERE (state = 'FAILED'::text);

CREATE TABLE sluice_private.commands (
  command_id text NOT NULL,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  command text NOT NULL,
  target_id text NOT NULL,
  database text NOT NULL,
  name text NOT NULL,
  arguments jsonb NOT NULL,
  status text NOT NULL DEFAULT 'PENDING'::text,
  requested_by text NOT NULL DEFAULT SESSION_USER,
  requested_at timestamp with time zone NOT NULL DEFAULT sluice_private.clock(),
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  attempts integer NOT NULL DEFAULT 0,
  ready_at timestamp with time zone NOT NULL DEFAULT sluice_private.clock(),
  taken_at timestamp with time zone,
  merged_into text,
  instance_id text,
  backfill_id text,
  error_code text,
  error text
);
  CONSTRAINT commands_command_check CHECK ((command = ANY (ARRAY['refresh'::text, 'backfill'::text, 'suspend'::text, 'resume'::text, 'execute-workflow'::text, 'backfill-workflow'::text])));
  CONSTRAINT commands_pkey PRIMARY KEY (command_id);
  CONSTRAINT commands_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'SUCCESSFUL'::text, 'FAILED'::text])));
  CREATE INDEX commands_by_time ON sluice_private.commands USING btree (requested_at DESC, command_id);
  CREATE INDEX commands_of_target ON sluice_private.commands USING btree (target_id, seq) WHERE (status = 'PENDING'::text);
  CREATE INDEX commands_of_transaction ON sluice_private.commands USING btree (tx, target_id) WHERE (status = 'PENDING'::text);
  CREATE INDEX commands_pending ON sluice_private.commands USING btree (seq) WHERE (status = 'PENDING'::text);

CREATE TABLE sluice_private.events (
  event_id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp with time zone NOT NULL DEFAULT sluice_private.clock(),
  kind text NOT NULL,
  database text,
  workflow text,
  table_name text,
  task text,
  instance_id text,
  task_instance_id text,
  backfill_id text,
  status text,
  detail text,
  error_code text,
  error text,
  workflow_id text,
  table_id text,
  facts jsonb
);
  CONSTRAINT events_pkey PRIMARY KEY (event_id);

CREATE TABLE sluice_private.freshness_events (
  event_id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  table_id text NOT NULL,
  database text NOT NULL,
  name text NOT NULL,
  state text NOT NULL,
  previous text NOT NULL,
  lag interval NOT NULL,
  freshness interval NOT NULL,
  threshold interval NOT NULL,
  at timestamp with time zone NOT NULL
);
  CONSTRAINT freshness_events_pkey PRIMARY KEY (event_id);
  CONSTRAINT freshness_events_state_check CHECK ((state = ANY (ARRAY['WARN'::text, 'VIOLATED'::text, 'RECOVERED'::text])));
  CREATE INDEX freshness_events_by_table ON sluice_private.freshness_events USING btree (table_id, at);
  CREATE INDEX freshness_events_by_time ON sluice_private.freshness_events USING btree (at);

CREATE TABLE sluice_private.freshness_states (
  table_id text NOT NULL,
  state text NOT NULL,
  since timestamp with time zone NOT NULL
);
  CONSTRAINT freshness_states_pkey PRIMARY KEY (table_id);
  CONSTRAINT freshness_states_state_check CHECK ((state = ANY (ARRAY['OK'::text, 'WARN'::text, 'VIOLATED'::text])));
  CONSTRAINT freshness_states_table_id_fkey FOREIGN KEY (table_id) REFERENCES sluice_private.materialized_tables(table_id) ON DELETE CASCADE;

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
  CREATE INDEX instance_history_failed_end ON sluice_private.instance_history USING btree (finished_at) WHERE (status = 'FAILED'::text);
  CREATE INDEX instance_history_good_end ON sluice_private.instance_history USING btree (finished_at) WHERE (status <> 'FAILED'::text);
  CREATE INDEX instance_history_no_success ON sluice_private.instance_history USING btree (scheduled_at DESC, instance_id) WHERE (status <> 'SUCCESSFUL'::text);
  CREATE INDEX instance_history_of_workflow ON sluice_private.instance_history USING btree (workflow_id, scheduled_at DESC, instance_id);
  CREATE INDEX instance_history_of_workflow_no_success ON sluice_private.instance_history USING btree (workflow_id, scheduled_at DESC, instance_id) WHERE (status <> 'SUCCESSFUL'::text);
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
  CREATE INDEX instances_by_time ON sluice_private.instances USING btree (scheduled_at DESC, instance_id);
  CREATE INDEX instances_by_workflow ON sluice_private.instances USING btree (workflow_id);
  CREATE INDEX instances_gated ON sluice_private.instances USING btree (workflow_id) WHERE gated;
  CREATE INDEX instances_of_backfill ON sluice_private.instances USING btree (backfill_id, ordinal) WHERE (backfill_id IS NOT NULL);
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

CREATE TABLE sluice_private.notifications (
  notification_id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  occasion text NOT NULL,
  database text,
  workflow text,
  table_name text,
  task text,
  instance_id text,
  task_instance_id text,
  attempt integer,
  channel text NOT NULL,
  target text NOT NULL,
  facts jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT sluice_private.clock(),
  status text NOT NULL DEFAULT 'PENDING'::text,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamp with time zone NOT NULL DEFAULT sluice_private.clock(),
  ended_at timestamp with time zone,
  last_error text
);
  CONSTRAINT notifications_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'webhook'::text, 'dingtalk'::text, 'slack'::text])));
  CONSTRAINT notifications_occasion_check CHECK ((occasion = ANY (ARRAY['STARTUP'::text, 'SUCCESS'::text, 'FAILURE'::text, 'FRESHNESS_VIOLATED'::text, 'FRESHNESS_RECOVERED'::text])));
  CONSTRAINT notifications_pkey PRIMARY KEY (notification_id);
  CONSTRAINT notifications_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'SENT'::text, 'GIVEN_UP'::text])));
  CREATE INDEX notifications_ended ON sluice_private.notifications USING btree (ended_at) WHERE (status <> 'PENDING'::text);
  CREATE INDEX notifications_pending ON sluice_private.notifications USING btree (channel, target, next_attempt_at) WHERE (status = 'PENDING'::text);

CREATE TABLE sluice_private.notify_targets (
  workflow_id text NOT NULL,
  version integer NOT NULL,
  task text NOT NULL,
  channel text NOT NULL,
  target text NOT NULL,
  occasions text[] NOT NULL
);
  CONSTRAINT notify_targets_pkey PRIMARY KEY (workflow_id, version, task, channel, target);

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

CREATE TABLE sluice_private.reports (
  at timestamp with time zone NOT NULL,
  total integer NOT NULL,
  healthy integer NOT NULL,
  failed integer NOT NULL,
  ratio double precision NOT NULL,
  facts jsonb NOT NULL
);
  CONSTRAINT reports_pkey PRIMARY KEY (at);

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
  CREATE INDEX table_sources_by_table ON sluice_private.table_sources USING btree (source_table_id) WHERE (source_table_id IS NOT NULL);

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
  server_start timestamp with time zone,
  frame jsonb NOT NULL DEFAULT '{"database": "", "timeZone": "UTC", "workflow": "", "condition": null, "variables": {}}'::jsonb
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
  server_start timestamp with time zone,
  frame jsonb NOT NULL DEFAULT '{"database": "", "timeZone": "UTC", "workflow": "", "condition": null, "variables": {}}'::jsonb
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

CREATE TABLE sluice_private.task_wakes (
  task_instance_id text NOT NULL,
  resource text NOT NULL,
  woken boolean NOT NULL
);
  CONSTRAINT task_wakes_pkey PRIMARY KEY (task_instance_id);

CREATE TABLE sluice_private.whole_runs (
  table_id text NOT NULL,
  snapshot pg_snapshot NOT NULL
);
  CONSTRAINT whole_runs_pkey PRIMARY KEY (table_id);
  CONSTRAINT whole_runs_table_id_fkey FOREIGN KEY (table_id) REFERENCES sluice_private.materialized_tables(table_id) ON DELETE CASCADE;

CREATE TABLE sluice_private.workflow_counts (
  workflow_id text NOT NULL,
  part smallint NOT NULL,
  successful bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0,
  canceled bigint NOT NULL DEFAULT 0,
  skipped bigint NOT NULL DEFAULT 0,
  last_start timestamp with time zone
);
  CONSTRAINT workflow_counts_pkey PRIMARY KEY (workflow_id, part);

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

CREATE VIEW sluice.backfill_intervals (
  backfill_id text,
  ordinal integer,
  interval_start timestamp with time zone,
  interval_end timestamp with time zone,
  partition text,
  instance_id text,
  status text,
  reason text
);

CREATE VIEW sluice.backfills (
  backfill_id text,
  workflow text,
  database text,
  table_name text,
  range_start text,
  range_end text,
  status text,
  total integer,
  pending integer,
  running integer,
  successful integer,
  failed integer,
  skipped integer,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  eta timestamp with time zone,
  options jsonb,
  parent_id text,
  reason text,
  created_at timestamp with time zone,
  workflow_id text
);

CREATE VIEW sluice.commands (
  command_id text,
  command text,
  database text,
  name text,
  arguments jsonb,
  status text,
  merged_into text,
  instance_id text,
  backfill_id text,
  error_code text,
  error text,
  requested_by text,
  requested_at timestamp with time zone,
  taken_at timestamp with time zone,
  attempts integer
);

CREATE VIEW sluice.events (
  event_id bigint,
  at timestamp with time zone,
  kind text,
  database text,
  workflow text,
  table_name text,
  task text,
  instance_id text,
  task_instance_id text,
  backfill_id text,
  status text,
  detail text,
  error_code text,
  error text,
  facts jsonb,
  workflow_id text,
  table_id text
);

CREATE VIEW sluice.freshness_events (
  event_id bigint,
  database text,
  name text,
  state text,
  previous text,
  lag interval,
  freshness interval,
  threshold interval,
  at timestamp with time zone,
  table_id text
);

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
  source_is_materialized_table boolean,
  kind text,
  column_name text,
  source_column text,
  transformation text
);

CREATE VIEW sluice.lineage_gaps (
  database text,
  name text,
  column_name text,
  reason text
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
  table_id text,
  root_timestamp timestamp with time zone,
  lag_limit interval,
  freshness_state text
);

CREATE VIEW sluice.notifications (
  notification_id bigint,
  occasion text,
  database text,
  workflow text,
  table_name text,
  task text,
  instance_id text,
  channel text,
  target text,
  status text,
  attempts integer,
  created_at timestamp with time zone,
  next_attempt timestamp with time zone,
  ended_at timestamp with time zone,
  last_error text,
  facts jsonb,
  task_instance_id text,
  attempt integer
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

CREATE VIEW sluice.reports (
  at timestamp with time zone,
  total integer,
  healthy integer,
  failed integer,
  ratio double precision,
  facts jsonb
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
  note text,
  database text,
  workflow text,
  workflow_id text
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
  workflow_id text,
  ordinal integer,
  created_at timestamp with time zone
);

CREATE VIEW sluice.workflow_tasks (
  workflow text,
  task text,
  action text,
  upstream text[],
  options jsonb,
  database text,
  ordinal bigint,
  comment text,
  variables jsonb,
  condition text,
  queue text,
  retries integer,
  timeout interval
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
  anchor timestamp with time zone,
  comment text,
  options jsonb,
  variables jsonb
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
  changed_at timestamp with time zone,
  mark_spec jsonb
);

CREATE VIEW sluice_private.table_freshness (
  table_id text,
  data_timestamp timestamp with time zone,
  root_timestamp timestamp with time zone,
  row_count bigint,
  lag interval,
  freshness interval,
  threshold interval
);

CREATE OR REPLACE FUNCTION sluice.backfill(table_name text, range_from text, range_to text, options jsonb DEFAULT '{}'::jsonb, search_path name[] DEFAULT current_schemas(true))
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  its sluice_private.materialized_tables := sluice_private.find_table(table_name, search_path);
BEGIN
  RETURN sluice_private.give_command('backfill', its.table_id, its.database, its.name, jsonb_build_object(
    'from', sluice_private.require_argument(range_from, 'range_from'),
    'to', sluice_private.require_argument(range_to, 'range_to'),
    'options', sluice_private.command_options(options, ARRAY[
      'parallelism', 'order', 'reprocess', 'queue', 'cascade', 'throttle', 'force'])));
END $function$;

CREATE OR REPLACE FUNCTION sluice.backfill_workflow(workflow text, range_from timestamp without time zone, range_to timestamp without time zone, variables jsonb DEFAULT '{}'::jsonb, options jsonb DEFAULT '{}'::jsonb, search_path name[] DEFAULT current_schemas(true))
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  its sluice_private.workflows := sluice_private.find_workflow(workflow, search_path);
BEGIN
  IF NOT range_from < range_to OR NOT isfinite(range_from) OR NOT isfinite(range_to) THEN
    RAISE EXCEPTION 'the range from % to % is empty or without end [BF-RANGE]', range_from, range_to
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  RETURN sluice_private.give_command('backfill-workflow', its.workflow_id, its.database, its.name,
    jsonb_build_object(
      'from', sluice_private.require_argument(to_char(range_from, 'YYYY-MM-DD HH24:MI:SS.MS'), 'range_from'),
      'to', sluice_private.require_argument(to_char(range_to, 'YYYY-MM-DD HH24:MI:SS.MS'), 'range_to'),
      'variables', sluice_private.command_options(variables, NULL),
      'options', sluice_private.command_options(options, ARRAY[
        'parallelism', 'order', 'reprocess', 'queue', 'throttle', 'force'])));
END $function$;

CREATE OR REPLACE FUNCTION sluice.execute_workflow(workflow text, at timestamp without time zone DEFAULT NULL::timestamp without time zone, variables jsonb DEFAULT '{}'::jsonb, search_path name[] DEFAULT current_schemas(true))
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  its sluice_private.workflows := sluice_private.find_workflow(workflow, search_path);
BEGIN
  RETURN sluice_private.give_command('execute-workflow', its.workflow_id, its.database, its.name,
    jsonb_build_object('at', to_char(at, 'YYYY-MM-DD HH24:MI:SS.MS'),
                       'variables', sluice_private.command_options(variables, NULL)));
END $function$;

CREATE OR REPLACE FUNCTION sluice.refresh(table_name text, partition text DEFAULT NULL::text, options jsonb DEFAULT '{}'::jsonb, search_path name[] DEFAULT current_schemas(true))
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  its sluice_private.materialized_tables := sluice_private.find_table(table_name, search_path);
BEGIN
  RETURN sluice_private.give_command('refresh', its.table_id, its.database, its.name, jsonb_build_object(
    'partition', sluice_private.command_partition(its, partition),
    'options', sluice_private.command_options(options, ARRAY['force', 'cascade'])));
END $function$;

CREATE OR REPLACE FUNCTION sluice.resume(table_name text, options jsonb DEFAULT '{}'::jsonb, search_path name[] DEFAULT current_schemas(true))
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  its sluice_private.materialized_tables := sluice_private.find_table(table_name, search_path);
BEGIN
  RETURN sluice_private.give_command('resume', its.table_id, its.database, its.name, jsonb_build_object(
    'options', sluice_private.command_options(options, NULL)));
END $function$;

CREATE OR REPLACE FUNCTION sluice.suspend(table_name text, options jsonb DEFAULT '{}'::jsonb, search_path name[] DEFAULT current_schemas(true))
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  its sluice_private.materialized_tables := sluice_private.find_table(table_name, search_path);
BEGIN
  RETURN sluice_private.give_command('suspend', its.table_id, its.database, its.name, jsonb_build_object(
    'options', sluice_private.command_options(options, ARRAY['cancel'])));
END $function$;

CREATE OR REPLACE FUNCTION sluice_private.check_freshness()
 RETURNS TABLE(event_id bigint, table_id text, database text, name text, state text, previous text, lag interval, freshness interval, threshold interval, at timestamp with time zone, options jsonb)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION sluice_private.check_value(key text, value text, type text)
 RETURNS void
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF value IS NULL OR type IS NULL OR type ~ '^(text|character|bpchar)' THEN
    RETURN;
  END IF;
  IF type ~ '^(date|time)' AND value !~* '^\s*([+-]?\d|-?infinity)' THEN
    RAISE invalid_text_representation;
  END IF;
  EXECUTE format('SELECT CAST($1 AS %s)', type) USING value;
EXCEPTION WHEN data_exception THEN
  RAISE EXCEPTION '"%" is no value of partition column "%" of type % [MT-SPEC-VALUE]', value, key, type
    USING ERRCODE = 'invalid_text_representation';
END $function$;

CREATE OR REPLACE FUNCTION sluice_private.claim_tasks(by_gateway text, most integer)
 RETURNS TABLE(claimed_task sluice_private.task_instances, its_instance sluice_private.instances)
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
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
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.clock()
 RETURNS timestamp with time zone
 LANGUAGE sql
 PARALLEL SAFE
AS $function$ SELECT clock_timestamp() $function$;

CREATE OR REPLACE FUNCTION sluice_private.command_options(given jsonb, known text[])
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  one record;
  checked jsonb := '{}';
BEGIN
  IF given IS NULL THEN
    RETURN checked;
  END IF;
  IF jsonb_typeof(given) <> 'object' THEN
    RAISE EXCEPTION 'an object of texts is expected, not % [GW-REQUEST]', jsonb_typeof(given)
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR one IN SELECT e.key, e.value FROM jsonb_each(given) AS e LOOP
    IF known IS NOT NULL AND NOT one.key = ANY (known) THEN
      RAISE EXCEPTION 'option ''%'' does not exist [MT-OPTION-UNKNOWN]', one.key
        USING ERRCODE = 'invalid_parameter_value', HINT = format('There are %s.', array_to_string(known, ', '));
    END IF;
    IF jsonb_typeof(one.value) NOT IN ('string', 'number', 'boolean') THEN
      RAISE EXCEPTION 'the value of ''%'' is no text [GW-REQUEST]', one.key
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
    checked := checked || jsonb_build_object(one.key, one.value #>> '{}');
  END LOOP;
  RETURN checked;
END $function$;

CREATE OR REPLACE FUNCTION sluice_private.command_partition(of_table sluice_private.materialized_tables, partition text)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  keys text[] := ARRAY(SELECT jsonb_array_elements_text(of_table.definition -> 'partitionKeys'));
  part text;
  spec jsonb := '{}';
  key text;
  value text;
  type text;
BEGIN
  IF partition IS NULL OR partition = '' THEN
    RETURN NULL;
  END IF;
  FOREACH part IN ARRAY string_to_array(partition, '/') LOOP
    IF part !~ '^[^=]+=[^=]*$' THEN
      RAISE EXCEPTION 'partition "%" cannot be read [MT-SPEC-VALUE]', partition
        USING ERRCODE = 'invalid_text_representation',
          HINT = 'Write key=value, several with / between them; /, =, % and \ in values as %2F, %3D, %25 and %5C.';
    END IF;
    key := sluice_private.partition_decode(split_part(part, '=', 1));
    IF NOT key = ANY (keys) THEN
      RAISE EXCEPTION '"%" is no partition column [MT-SPEC-UNKNOWN]', key
        USING ERRCODE = 'undefined_column', HINT = CASE WHEN cardinality(keys) = 0 THEN 'The table is not partitioned.'
          ELSE format('The partition columns are %s.', array_to_string(keys, ', ')) END;
    END IF;
    IF spec ? key THEN
      RAISE EXCEPTION 'partition column "%" occurs twice [MT-SPEC-VALUE]', key
        USING ERRCODE = 'invalid_text_representation';
    END IF;
    value := CASE WHEN split_part(part, '=', 2) <> '\N'
      THEN sluice_private.partition_decode(split_part(part, '=', 2)) END;
    SELECT c.value ->> 'type' INTO type FROM jsonb_array_elements(of_table.definition -> 'columns') AS c
    WHERE c.value ->> 'name' = key;
    PERFORM sluice_private.check_value(key, value, type);
    spec := spec || jsonb_build_object(key, value);
  END LOOP;
  RETURN spec;
END $function$;

CREATE OR REPLACE FUNCTION sluice_private.count_ended()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  DECLARE
    sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
  BEGIN
    -- In one order, so that two who count several workflows do not lock each other out.
    INSERT INTO sluice_private.workflow_counts AS c
      (workflow_id, part, successful, failed, canceled, skipped, last_start)
    SELECT e.workflow_id, pg_backend_pid() % 8,
           sign * count(*) FILTER (WHERE e.status = 'SUCCESSFUL'), sign * count(*) FILTER (WHERE e.status = 'FAILED'),
           sign * count(*) FILTER (WHERE e.status = 'CANCELED'), sign * count(*) FILTER (WHERE e.status = 'SKIPPED'),
           CASE TG_OP WHEN 'INSERT' THEN max(e.started_at) END
    FROM ended e GROUP BY e.workflow_id ORDER BY e.workflow_id
    ON CONFLICT (workflow_id, part) DO UPDATE
    SET successful = c.successful + excluded.successful, failed = c.failed + excluded.failed,
        canceled = c.canceled + excluded.canceled, skipped = c.skipped + excluded.skipped,
        last_start = greatest(c.last_start, excluded.last_start);
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.event_of_backfill()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  BEGIN
    INSERT INTO sluice_private.events
      (kind, database, workflow, table_name, backfill_id, status, detail, workflow_id, facts)
    SELECT CASE TG_OP WHEN 'INSERT' THEN 'BACKFILL_CREATED' ELSE 'BACKFILL_CHANGED' END, NEW.database, w.name,
           sluice_private.table_of_workflow(w.name), NEW.backfill_id,
           CASE WHEN NEW.paused AND NEW.finished_at IS NULL THEN 'PAUSED' ELSE NEW.status END, NEW.reason,
           NEW.workflow_id,
           jsonb_build_object('total', NEW.total, 'successful', NEW.successful, 'failed', NEW.failed,
             'skipped', NEW.skipped + NEW.canceled)
    FROM (SELECT) one LEFT JOIN sluice_private.workflows w ON w.workflow_id = NEW.workflow_id;
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.event_of_freshness()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  DECLARE
    word text := CASE
      WHEN NEW.state = 'VIOLATED' THEN 'FRESHNESS_VIOLATED'
      WHEN NEW.previous = 'VIOLATED' THEN 'FRESHNESS_RECOVERED'
      WHEN NEW.state = 'WARN' THEN 'FRESHNESS_WARNED'
      ELSE 'FRESHNESS_RECOVERED'
    END;
    measured jsonb := jsonb_build_object(
      'lag', NEW.lag::text, 'freshness', NEW.freshness::text, 'limit', NEW.threshold::text, 'previous', NEW.previous);
    of_workflow text := (
      SELECT t.workflow_id FROM sluice_private.materialized_tables t WHERE t.table_id = NEW.table_id);
  BEGIN
    INSERT INTO sluice_private.events
      (at, kind, database, workflow, table_name, status, workflow_id, table_id, facts)
    VALUES (NEW.at, word, NEW.database, 'table:' || NEW.name, NEW.name, NEW.state, of_workflow, NEW.table_id, measured);
    IF NEW.state = 'VIOLATED' OR NEW.previous = 'VIOLATED' THEN
      INSERT INTO sluice_private.notifications
        (occasion, database, workflow, table_name, channel, target, facts, created_at)
      SELECT word, NEW.database, 'table:' || NEW.name, NEW.name, n.channel, n.target, measured, NEW.at
      FROM sluice_private.notify_targets n
      WHERE n.workflow_id = of_workflow AND n.version = 0 AND word = ANY (n.occasions);
    END IF;
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.event_of_instance_end()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  BEGIN
    INSERT INTO sluice_private.events
      (kind, database, workflow, table_name, instance_id, backfill_id, status, detail, error_code, error, workflow_id)
    SELECT 'INSTANCE_ENDED', coalesce(w.database, v.definition ->> 'database'), n.name,
           sluice_private.table_of_workflow(n.name), e.instance_id, e.backfill_id, e.status, e.detail, e.error_code,
           e.error, e.workflow_id
    FROM ended e
    LEFT JOIN sluice_private.workflows w ON w.workflow_id = e.workflow_id
    -- Dropped meanwhile: the version remembers the name.
    LEFT JOIN sluice_private.workflow_versions v
      ON w.workflow_id IS NULL AND v.workflow_id = e.workflow_id AND v.version = e.version
    CROSS JOIN LATERAL (SELECT coalesce(w.name, v.definition ->> 'name') AS name) n;
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.event_of_instance_start()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  BEGIN
    INSERT INTO sluice_private.events
      (kind, database, workflow, table_name, instance_id, backfill_id, status, workflow_id)
    SELECT 'INSTANCE_STARTED', w.database, w.name, sluice_private.table_of_workflow(w.name), n.instance_id,
           n.backfill_id, n.status, n.workflow_id
    FROM after n
    JOIN before o ON o.instance_id = n.instance_id
    LEFT JOIN sluice_private.workflows w ON w.workflow_id = n.workflow_id
    WHERE n.status = 'RUNNING' AND o.status = 'PENDING';
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.event_of_only_task()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  BEGIN
    -- A table's task ends with its instance, which has an event.
    INSERT INTO sluice_private.events
      (kind, database, workflow, task, instance_id, task_instance_id, status, detail, error_code, error, workflow_id,
       facts)
    SELECT 'TASK_ENDED', w.database, w.name, e.task, e.instance_id, e.task_instance_id, e.status, e.detail,
           e.error_code, e.error, e.workflow_id, jsonb_build_object('attempt', e.attempt)
    FROM ended e LEFT JOIN sluice_private.workflows w ON w.workflow_id = e.workflow_id
    WHERE NOT e.advanced AND e.policy @> '{"anyError": true}';
    PERFORM sluice_private.notify_of_task(
      CASE e.status WHEN 'FAILED' THEN 'FAILURE' ELSE 'SUCCESS' END, to_jsonb(e))
    FROM ended e
    WHERE NOT e.advanced AND e.status IN ('SUCCESSFUL', 'FAILED')
      AND coalesce(e.detail, '') NOT IN ('UPSTREAM_FAILED', 'MARKED')
      AND EXISTS (SELECT FROM sluice_private.notify_targets n WHERE n.workflow_id = e.workflow_id);
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.event_of_retry()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  BEGIN
    INSERT INTO sluice_private.events
      (kind, database, workflow, table_name, task, instance_id, task_instance_id, status, detail, error_code, error,
       workflow_id, facts)
    SELECT 'TASK_RETRIED', w.database, w.name, sluice_private.table_of_workflow(w.name), NEW.task, NEW.instance_id,
           NEW.task_instance_id, OLD.status, OLD.detail, OLD.error_code, OLD.error, NEW.workflow_id,
           jsonb_build_object('attempt', OLD.attempt, 'nextAttemptAt', NEW.ready_at)
    FROM (SELECT) one LEFT JOIN sluice_private.workflows w ON w.workflow_id = NEW.workflow_id;
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.event_of_table()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  DECLARE
    subject sluice_private.materialized_tables := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  BEGIN
    INSERT INTO sluice_private.events (kind, database, workflow, table_name, status, workflow_id, table_id, facts)
    VALUES (
      CASE
        WHEN TG_OP = 'INSERT' THEN 'TABLE_CREATED'
        WHEN TG_OP = 'DELETE' THEN 'TABLE_DROPPED'
        WHEN OLD.status = NEW.status THEN 'TABLE_ALTERED'
        WHEN NEW.status = 'SUSPENDED' THEN 'TABLE_SUSPENDED'
        ELSE 'TABLE_RESUMED'
      END,
      subject.database, 'table:' || subject.name, subject.name, subject.status, subject.workflow_id, subject.table_id,
      jsonb_build_object('version', subject.version));
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.event_of_task_end()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  BEGIN
    INSERT INTO sluice_private.events
      (kind, database, workflow, task, instance_id, task_instance_id, status, detail, error_code, error, workflow_id,
       facts)
    SELECT 'TASK_ENDED', w.database, w.name, NEW.task, NEW.instance_id, NEW.task_instance_id, NEW.status, NEW.detail,
           NEW.error_code, NEW.error, NEW.workflow_id, jsonb_build_object('attempt', NEW.attempt)
    FROM (SELECT) one LEFT JOIN sluice_private.workflows w ON w.workflow_id = NEW.workflow_id;
    -- What failed for another's failure, or was marked by hand, is no news.
    IF NEW.status IN ('SUCCESSFUL', 'FAILED') AND coalesce(NEW.detail, '') NOT IN ('UPSTREAM_FAILED', 'MARKED')
      AND EXISTS (SELECT FROM sluice_private.notify_targets n WHERE n.workflow_id = NEW.workflow_id) THEN
      PERFORM sluice_private.notify_of_task(
        CASE NEW.status WHEN 'FAILED' THEN 'FAILURE' ELSE 'SUCCESS' END, to_jsonb(NEW));
    END IF;
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.event_of_workflow()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  DECLARE
    subject sluice_private.workflows := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  BEGIN
    INSERT INTO sluice_private.events (kind, database, workflow, workflow_id, facts)
    VALUES (
      CASE
        WHEN TG_OP = 'INSERT' THEN 'WORKFLOW_CREATED'
        WHEN TG_OP = 'DELETE' THEN 'WORKFLOW_DROPPED'
        WHEN OLD.enabled = NEW.enabled THEN 'WORKFLOW_ALTERED'
        WHEN NEW.enabled THEN 'WORKFLOW_ENABLED'
        ELSE 'WORKFLOW_DISABLED'
      END,
      subject.database, subject.name, subject.workflow_id, jsonb_build_object('version', subject.version));
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.event_writers(OUT drawn bigint, OUT writers text[])
 RETURNS record
 LANGUAGE plpgsql
AS $function$
  BEGIN
    -- In this order: a writer that is not seen drew later than this, or has ended.
    SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END INTO drawn
    FROM sluice_private.events_event_id_seq s;
    SELECT coalesce(array_agg(l.virtualtransaction), '{}') INTO writers
    FROM pg_catalog.pg_locks l
    WHERE l.locktype = 'relation' AND l.mode = 'RowExclusiveLock'
      AND l.relation = 'sluice_private.events'::regclass
      AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database());
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.find_table(given text, path name[])
 RETURNS sluice_private.materialized_tables
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  parts record;
  place text;
  its sluice_private.materialized_tables;
BEGIN
  SELECT * INTO parts FROM sluice_private.name_parts(sluice_private.require_argument(given, 'table_name'));
  SELECT p.place INTO place
  FROM unnest(CASE WHEN parts.schema_name IS NULL THEN path::text[] ELSE ARRAY[parts.schema_name] END)
    WITH ORDINALITY AS p (place, ordinal)
  WHERE EXISTS (SELECT FROM sluice_private.materialized_tables t
                WHERE t.database = p.place AND t.name = parts.object_name)
     OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = p.place AND c.relname = parts.object_name)
  ORDER BY p.ordinal LIMIT 1;
  SELECT t.* INTO its FROM sluice_private.materialized_tables t
  WHERE t.database = place AND t.name = parts.object_name;
  IF FOUND THEN
    RETURN its;
  END IF;
  IF place IS NOT NULL THEN
    RAISE EXCEPTION '"%.%" is not a materialized table [MT-NOT-MT]', place, parts.object_name
      USING ERRCODE = 'wrong_object_type';
  END IF;
  RAISE EXCEPTION 'materialized table "%" does not exist [MT-NOTFOUND]', given USING ERRCODE = 'undefined_table';
END $function$;

CREATE OR REPLACE FUNCTION sluice_private.find_workflow(given text, path name[])
 RETURNS sluice_private.workflows
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  parts record;
  its sluice_private.workflows;
BEGIN
  SELECT * INTO parts FROM sluice_private.name_parts(sluice_private.require_argument(given, 'workflow'));
  SELECT w.* INTO its
  FROM unnest(CASE WHEN parts.schema_name IS NULL THEN path::text[] ELSE ARRAY[parts.schema_name] END)
    WITH ORDINALITY AS p (place, ordinal)
  JOIN sluice_private.workflows w ON w.database = p.place AND w.name = parts.object_name
  ORDER BY p.ordinal LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'workflow "%" does not exist [WF-NOTFOUND]', given USING ERRCODE = 'undefined_object';
  END IF;
  IF its.kind = 'table' THEN
    RAISE EXCEPTION 'workflow "%" belongs to a materialized table [WF-TABLE-OWNED]', given
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'sluice.refresh() refreshes the table.';
  END IF;
  RETURN its;
END $function$;

CREATE OR REPLACE FUNCTION sluice_private.give_command(what text, target text, in_database text, called text, with_arguments jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  switch boolean := what IN ('suspend', 'resume');
  known sluice_private.commands;
  id text := replace(gen_random_uuid()::text, '-', '');
BEGIN
  -- Of SUSPEND and RESUME the last one counts: an earlier equal one is not the same wish.
  SELECT c.* INTO known FROM sluice_private.commands c
  WHERE c.status = 'PENDING' AND c.tx = pg_current_xact_id() AND c.target_id = target
    AND CASE WHEN switch THEN c.command IN ('suspend', 'resume')
             ELSE c.command = what AND c.arguments = with_arguments END
  ORDER BY c.seq DESC LIMIT 1;
  IF FOUND AND known.command = what AND known.arguments = with_arguments THEN
    RETURN known.command_id;
  END IF;
  INSERT INTO sluice_private.commands (command_id, command, target_id, database, name, arguments)
  VALUES (id, what, target, in_database, called, with_arguments);
  PERFORM pg_notify('sluice_scheduler', '');
  RETURN id;
END $function$;

CREATE OR REPLACE FUNCTION sluice_private.name_parts(given text, OUT schema_name text, OUT object_name text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  parts text[];
BEGIN
  parts := parse_ident(given);
  IF cardinality(parts) > 3 THEN
    RAISE EXCEPTION 'name "%" has too many parts [GW-NAME]', given USING ERRCODE = 'invalid_name';
  END IF;
  IF cardinality(parts) = 3 AND parts[1] <> current_database() THEN
    RAISE EXCEPTION 'catalog "%" does not exist [GW-CATALOG-UNKNOWN]', parts[1]
      USING ERRCODE = 'invalid_catalog_name', HINT = format('The only catalog is %I.', current_database());
  END IF;
  object_name := parts[cardinality(parts)];
  schema_name := CASE WHEN cardinality(parts) > 1 THEN parts[cardinality(parts) - 1] END;
END $function$;

CREATE OR REPLACE FUNCTION sluice_private.notify_of_task(what text, its jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
  BEGIN
    INSERT INTO sluice_private.notifications
      (occasion, database, workflow, table_name, task, instance_id, task_instance_id, attempt, channel, target, facts)
    SELECT what, w.database, w.name, sluice_private.table_of_workflow(w.name), its ->> 'task',
           i.instance_id, its ->> 'task_instance_id', (its ->> 'attempt')::integer, n.channel, n.target,
           jsonb_strip_nulls(jsonb_build_object(
             'trigger', i.trigger, 'scheduledAt', i.scheduled_at, 'intervalStart', i.interval_start,
             'intervalEnd', i.interval_end, 'status', its ->> 'status', 'detail', its ->> 'detail',
             'errorCode', its ->> 'error_code', 'error', its ->> 'error', 'backfillId', i.backfill_id))
    FROM (
      SELECT instance_id, version, trigger, scheduled_at, interval_start, interval_end, backfill_id
      FROM sluice_private.instances WHERE instance_id = its ->> 'instance_id'
      UNION ALL
      SELECT instance_id, version, trigger, scheduled_at, interval_start, interval_end, backfill_id
      FROM sluice_private.instance_history WHERE instance_id = its ->> 'instance_id'
      LIMIT 1) i
    JOIN sluice_private.workflows w ON w.workflow_id = its ->> 'workflow_id'
    JOIN sluice_private.notify_targets n
      ON n.workflow_id = w.workflow_id
     AND (n.version = i.version AND n.task = its ->> 'task' OR n.version = 0 AND n.task = '')
    WHERE what = ANY (n.occasions);
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.notify_of_task_start()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  BEGIN
    IF EXISTS (SELECT FROM sluice_private.notify_targets n WHERE n.workflow_id = NEW.workflow_id) THEN
      PERFORM sluice_private.notify_of_task('STARTUP', to_jsonb(NEW));
    END IF;
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.notify_targets_of(options jsonb)
 RETURNS TABLE(channel text, target text, occasions text[])
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT c.channel, t.target, o.occasions
    FROM (VALUES ('email', '[,\s]+'), ('webhook', '\s+|,\s*(?=https?://)'), ('dingtalk', '\s+|,\s*(?=https?://)'),
                 ('slack', '\s+|,\s*(?=https?://)')) AS c (channel, separator)
    CROSS JOIN LATERAL (
      SELECT DISTINCT p.part AS target
      FROM regexp_split_to_table(options ->> ('notify.' || c.channel), c.separator) AS p (part)
      WHERE p.part <> '') t
    CROSS JOIN LATERAL (
      SELECT array_agg(DISTINCT m.occasion) AS occasions
      FROM regexp_split_to_table(lower(coalesce(options ->> 'notify.on', 'failure')), '[,\s]+') AS w (word)
      JOIN (VALUES ('startup', 'STARTUP'), ('success', 'SUCCESS'), ('failure', 'FAILURE'),
                   ('failure', 'FRESHNESS_VIOLATED'), ('failure', 'FRESHNESS_RECOVERED'),
                   ('freshness', 'FRESHNESS_VIOLATED'), ('freshness', 'FRESHNESS_RECOVERED'),
                   ('both', 'STARTUP'), ('both', 'FAILURE'), ('both', 'FRESHNESS_VIOLATED'),
                   ('both', 'FRESHNESS_RECOVERED'), ('all', 'STARTUP'), ('all', 'SUCCESS'), ('all', 'FAILURE'),
                   ('all', 'FRESHNESS_VIOLATED'), ('all', 'FRESHNESS_RECOVERED')) AS m (word, occasion)
        USING (word)) o
    WHERE o.occasions IS NOT NULL
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.notify_targets_of_table()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  BEGIN
    IF TG_OP <> 'INSERT' THEN
      DELETE FROM sluice_private.notify_targets n WHERE n.workflow_id = OLD.workflow_id AND n.version = 0;
    END IF;
    IF TG_OP <> 'DELETE' THEN
      INSERT INTO sluice_private.notify_targets
      SELECT NEW.workflow_id, 0, '', n.channel, n.target, n.occasions
      FROM sluice_private.notify_targets_of(NEW.definition -> 'options') n;
    END IF;
    RETURN NULL;
  END
  $function$;

CREATE OR REPLACE FUNCTION sluice_private.notify_targets_of_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  BEGIN
    -- Most definitions have none, and some are large.
    IF strpos(NEW.definition::text, '"notify.') = 0 THEN
      RETURN NULL;
    END IF;
    INSERT INTO sluice_private.notify_targets
    SELECT NEW.workflow_id, NEW.version, t.task ->> 'name', n.channel, n.target, n.occasions
    FROM jsonb_array_elements(NEW.definition -> 'tasks') AS t (task)
    CROSS JOIN LATERAL sluice_private.notify_targets_of(
      coalesce(NEW.definition -> 'options', '{}') || coalesce(t.task -> 'options', '{}')) n;
    RETURN NULL;
  END
  $function$;

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

CREATE OR REPLACE FUNCTION sluice_private.require_argument(value text, argument text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF value IS NULL OR value = '' THEN
    RAISE EXCEPTION 'argument % is missing [GW-REQUEST]', argument USING ERRCODE = 'null_value_not_allowed';
  END IF;
  RETURN value;
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

CREATE OR REPLACE FUNCTION sluice_private.shown_clock()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ SELECT sluice_private.clock() $function$;

CREATE OR REPLACE FUNCTION sluice_private.table_of_workflow(workflow text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ SELECT CASE WHEN workflow LIKE 'table:%' THEN substr(workflow, 7) END $function$;

CREATE TRIGGER event_of_backfill AFTER INSERT ON sluice_private.backfills FOR EACH ROW EXECUTE FUNCTION sluice_private.event_of_backfill();

CREATE TRIGGER event_of_backfill_change AFTER UPDATE OF status, paused ON sluice_private.backfills FOR EACH ROW WHEN (((old.status <> new.status) OR (old.paused <> new.paused))) EXECUTE FUNCTION sluice_private.event_of_backfill();

CREATE TRIGGER event_of_freshness AFTER INSERT ON sluice_private.freshness_events FOR EACH ROW EXECUTE FUNCTION sluice_private.event_of_freshness();

CREATE TRIGGER count_end AFTER INSERT ON sluice_private.instance_history REFERENCING NEW TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION sluice_private.count_ended();

CREATE TRIGGER count_gone AFTER DELETE ON sluice_private.instance_history REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION sluice_private.count_ended();

CREATE TRIGGER event_of_end AFTER INSERT ON sluice_private.instance_history REFERENCING NEW TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION sluice_private.event_of_instance_end();

CREATE TRIGGER event_of_start AFTER UPDATE ON sluice_private.instances REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION sluice_private.event_of_instance_start();

CREATE TRIGGER event_of_table AFTER INSERT OR DELETE ON sluice_private.materialized_tables FOR EACH ROW EXECUTE FUNCTION sluice_private.event_of_table();

CREATE TRIGGER event_of_table_change AFTER UPDATE OF status, version ON sluice_private.materialized_tables FOR EACH ROW WHEN (((old.status <> new.status) OR (old.version <> new.version))) EXECUTE FUNCTION sluice_private.event_of_table();

CREATE TRIGGER notify_targets AFTER INSERT OR DELETE ON sluice_private.materialized_tables FOR EACH ROW EXECUTE FUNCTION sluice_private.notify_targets_of_table();

CREATE TRIGGER notify_targets_change AFTER UPDATE OF definition ON sluice_private.materialized_tables FOR EACH ROW WHEN (((old.definition -> 'options'::text) IS DISTINCT FROM (new.definition -> 'options'::text))) EXECUTE FUNCTION sluice_private.notify_targets_of_table();

CREATE TRIGGER event_of_end AFTER INSERT ON sluice_private.task_history REFERENCING NEW TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION sluice_private.event_of_only_task();

CREATE TRIGGER event_of_end AFTER UPDATE OF advanced ON sluice_private.task_instances FOR EACH ROW WHEN ((new.advanced AND (NOT old.advanced))) EXECUTE FUNCTION sluice_private.event_of_task_end();

CREATE TRIGGER event_of_retry AFTER UPDATE OF detail ON sluice_private.task_instances FOR EACH ROW WHEN (((new.detail = 'WAITING_RETRY'::text) AND (new.status = 'PENDING'::text) AND (old.status <> 'PENDING'::text))) EXECUTE FUNCTION sluice_private.event_of_retry();

CREATE TRIGGER notify_of_start AFTER UPDATE OF attempt ON sluice_private.task_instances FOR EACH ROW WHEN (((new.status = 'RUNNING'::text) AND (new.attempt = 1))) EXECUTE FUNCTION sluice_private.notify_of_task_start();

CREATE TRIGGER notify_targets AFTER INSERT ON sluice_private.workflow_versions FOR EACH ROW EXECUTE FUNCTION sluice_private.notify_targets_of_version();

CREATE TRIGGER event_of_workflow AFTER INSERT ON sluice_private.workflows FOR EACH ROW WHEN ((new.kind = 'user'::text)) EXECUTE FUNCTION sluice_private.event_of_workflow();

CREATE TRIGGER event_of_workflow_change AFTER UPDATE OF enabled, version ON sluice_private.workflows FOR EACH ROW WHEN (((new.kind = 'user'::text) AND ((old.enabled <> new.enabled) OR (old.version <> new.version)))) EXECUTE FUNCTION sluice_private.event_of_workflow();

CREATE TRIGGER event_of_workflow_drop AFTER DELETE ON sluice_private.workflows FOR EACH ROW WHEN ((old.kind = 'user'::text)) EXECUTE FUNCTION sluice_private.event_of_workflow();
