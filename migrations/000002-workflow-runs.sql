-- What workflows of users add to runs: variables, comments, reruns.

-- Definitions made before workflows had comments, variables and options.
UPDATE sluice_private.workflow_versions v
SET definition = '{"comment": null, "variables": {}, "options": {}}' || v.definition || jsonb_build_object('tasks', (
  SELECT jsonb_agg('{"comment": null, "variables": {}, "options": {}, "condition": null}' || t.task ORDER BY t.ordinal)
  FROM jsonb_array_elements(v.definition -> 'tasks') WITH ORDINALITY AS t (task, ordinal)));

-- What stands around a task, as it was when its instance was made: workflow, database, timeZone, condition, and the
-- resolved variables that are the task's own.
ALTER TABLE sluice_private.task_instances ADD COLUMN frame jsonb NOT NULL
  DEFAULT '{"workflow": "", "database": "", "timeZone": "UTC", "condition": null, "variables": {}}';
ALTER TABLE sluice_private.task_history ADD COLUMN frame jsonb NOT NULL
  DEFAULT '{"workflow": "", "database": "", "timeZone": "UTC", "condition": null, "variables": {}}';

-- What lists are cut from: the newest runs, of one workflow or of all, of any status or of one that is no success.
CREATE INDEX instance_history_of_workflow ON sluice_private.instance_history (workflow_id, scheduled_at DESC, instance_id);
CREATE INDEX instance_history_no_success ON sluice_private.instance_history (scheduled_at DESC, instance_id)
  WHERE status <> 'SUCCESSFUL';
CREATE INDEX instance_history_of_workflow_no_success ON sluice_private.instance_history
  (workflow_id, scheduled_at DESC, instance_id) WHERE status <> 'SUCCESSFUL';
DROP INDEX sluice_private.instance_history_by_workflow;

-- How the runs in the history ended, counted as they come and go. Several rows for each workflow, so that gateways that
-- end runs of one workflow at the same time do not wait for each other; views add them up.
CREATE TABLE sluice_private.workflow_counts (
  workflow_id  text NOT NULL,
  part         smallint NOT NULL,
  successful   bigint NOT NULL DEFAULT 0,
  failed       bigint NOT NULL DEFAULT 0,
  canceled     bigint NOT NULL DEFAULT 0,
  skipped      bigint NOT NULL DEFAULT 0,
  -- Start of the run that started last, of those that have ended.
  last_start   timestamptz,
  PRIMARY KEY (workflow_id, part)
) WITH (fillfactor = 70);

CREATE FUNCTION sluice_private.count_ended() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER count_end AFTER INSERT ON sluice_private.instance_history
  REFERENCING NEW TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION sluice_private.count_ended();
CREATE TRIGGER count_gone AFTER DELETE ON sluice_private.instance_history
  REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION sluice_private.count_ended();
INSERT INTO sluice_private.workflow_counts
SELECT workflow_id, 0, count(*) FILTER (WHERE status = 'SUCCESSFUL'), count(*) FILTER (WHERE status = 'FAILED'),
       count(*) FILTER (WHERE status = 'CANCELED'), count(*) FILTER (WHERE status = 'SKIPPED'), max(started_at)
FROM sluice_private.instance_history GROUP BY workflow_id;

CREATE OR REPLACE VIEW sluice.workflows AS
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
       greatest(open.last_start, ended.last_start) AS last_execution,
       open.pending, open.running, ended.successful, ended.failed,
       coalesce((SELECT jsonb_object_agg(substr(o.key, 5), o.value)
                 FROM jsonb_each_text(coalesce(t.definition -> 'options', v.definition -> 'options')) o
                 WHERE o.key LIKE 'tag.%'), '{}') AS tags,
       w.created_at, w.workflow_id,
       to_timestamp((s.spec ->> 'anchor')::double precision / 1000) AS anchor,
       coalesce(t.comment, v.definition ->> 'comment') AS comment,
       coalesce(t.definition -> 'options', v.definition -> 'options') AS options,
       v.definition -> 'variables' AS variables
FROM sluice_private.workflows w
LEFT JOIN sluice_private.workflow_versions v USING (workflow_id, version)
LEFT JOIN sluice_private.materialized_tables t USING (workflow_id)
CROSS JOIN LATERAL (SELECT v.definition -> 'schedule' AS spec) s
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE i.status = 'PENDING') AS pending,
         count(*) FILTER (WHERE i.status = 'RUNNING') AS running, max(i.started_at) AS last_start
  FROM sluice_private.instances i WHERE i.workflow_id = w.workflow_id) open
CROSS JOIN LATERAL (
  SELECT coalesce(sum(c.successful), 0)::bigint AS successful, coalesce(sum(c.failed), 0)::bigint AS failed,
         max(c.last_start) AS last_start
  FROM sluice_private.workflow_counts c WHERE c.workflow_id = w.workflow_id) ended;
COMMENT ON COLUMN sluice.workflows.last_execution IS 'When the run that started last has started.';
COMMENT ON COLUMN sluice.workflows.successful IS 'Instances that ended well and are still in the history.';
COMMENT ON COLUMN sluice.workflows.failed IS 'Instances that failed and are still in the history.';
COMMENT ON COLUMN sluice.workflows.comment IS 'Comment; that of the table for its own workflow.';
COMMENT ON COLUMN sluice.workflows.options IS 'Options as they were written; those of the table for its own workflow.';
COMMENT ON COLUMN sluice.workflows.variables IS 'Variables as they were written.';

CREATE OR REPLACE VIEW sluice.workflow_tasks AS
SELECT w.name AS workflow, k.task ->> 'name' AS task,
       CASE a.action ->> 'type'
         WHEN 'execute-sql' THEN 'EXECUTE ' || quote_literal(a.action ->> 'text')
         WHEN 'refresh' THEN 'REFRESH ' || coalesce(quote_ident(t.name), r.name, '')
           || coalesce(' PARTITION (' || p.spec || ')', '')
         WHEN 'refresh-by-name' THEN 'REFRESH ' || coalesce(r.name, '')
         ELSE a.action ->> 'type'
       END AS action,
       ARRAY(SELECT jsonb_array_elements_text(k.task -> 'upstream')) AS upstream,
       CASE w.kind
         WHEN 'user' THEN k.task -> 'options'
         ELSE k.task - '{name,comment,upstream,action,variables,options,condition}'::text[]
       END AS options,
       w.database, k.ordinal, k.task ->> 'comment' AS comment, k.task -> 'variables' AS variables,
       k.task ->> 'condition' AS condition, k.task ->> 'queue' AS queue,
       (k.task -> 'retry' ->> 'retries')::integer AS retries,
       make_interval(secs => (k.task ->> 'timeout')::double precision / 1000) AS timeout
FROM sluice_private.workflows w
JOIN sluice_private.workflow_versions v USING (workflow_id, version)
CROSS JOIN LATERAL jsonb_array_elements(v.definition -> 'tasks') WITH ORDINALITY AS k (task, ordinal)
CROSS JOIN LATERAL (SELECT k.task -> 'action' AS action) a
LEFT JOIN sluice_private.materialized_tables t ON t.table_id = a.action ->> 'tableId'
CROSS JOIN LATERAL (
  SELECT CASE a.action -> 'identifier' ->> 'database'
           WHEN w.database THEN quote_ident(a.action -> 'identifier' ->> 'name')
           ELSE format('%I.%I', a.action -> 'identifier' ->> 'database', a.action -> 'identifier' ->> 'name')
         END AS name) r
CROSS JOIN LATERAL (
  SELECT string_agg(format('%I = %s', e.key, coalesce(quote_literal(e.value), 'NULL')), ', ') AS spec
  FROM jsonb_each_text(CASE jsonb_typeof(a.action -> 'partition') WHEN 'object' THEN a.action -> 'partition' END) e) p;
COMMENT ON COLUMN sluice.workflow_tasks.action IS 'What it does: EXECUTE with the statement, REFRESH with the table.';
COMMENT ON COLUMN sluice.workflow_tasks.options IS 'Options as they were written; for tables what they mean.';
COMMENT ON COLUMN sluice.workflow_tasks.comment IS 'Comment.';
COMMENT ON COLUMN sluice.workflow_tasks.variables IS 'Variables of the task, as they were written.';
COMMENT ON COLUMN sluice.workflow_tasks.condition IS 'The query that decides whether it runs; NULL: it always does.';
COMMENT ON COLUMN sluice.workflow_tasks.queue IS 'The queue it runs in.';
COMMENT ON COLUMN sluice.workflow_tasks.retries IS 'Attempts after the first.';
COMMENT ON COLUMN sluice.workflow_tasks.timeout IS 'Limit of each attempt; NULL: none.';

-- The clock for what views show: a view with a volatile function in its columns is planned apart from the statement that
-- reads it, without its order and limit.
CREATE FUNCTION sluice_private.shown_clock() RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT sluice_private.clock() $$;

-- The lists of runs are put together from plain rows first, so that a limit, an order by scheduled_at and conditions on
-- instance_id, workflow_id and status reach the indexes of the history.
CREATE OR REPLACE VIEW sluice.workflow_instances AS
SELECT i.instance_id, coalesce(w.name, v.definition ->> 'name', '') AS workflow, i.version, i.trigger,
       i.interval_start, i.interval_end, i.scheduled_at, i.status,
       coalesce(i.detail, CASE i.status
         WHEN 'PENDING' THEN 'QUEUED'
         WHEN 'RUNNING' THEN (
           SELECT 'WAITING_RETRY' FROM sluice_private.task_instances k WHERE k.instance_id = i.instance_id
           HAVING bool_or(k.status = 'PENDING' AND k.detail = 'WAITING_RETRY')
             AND NOT bool_or(k.status = 'RUNNING' OR k.status = 'PENDING' AND k.detail = 'QUEUED'))
       END) AS detail,
       i.started_at, i.finished_at,
       coalesce(i.finished_at, sluice_private.shown_clock()) - i.started_at AS duration, i.backfill_id, i.variables,
       CASE WHEN i.finished_at IS NULL
         THEN (SELECT max(k.gateway_id) FROM sluice_private.task_instances k
               WHERE k.instance_id = i.instance_id AND k.status = 'RUNNING')
         ELSE (SELECT max(k.gateway_id) FROM sluice_private.task_history k WHERE k.instance_id = i.instance_id)
       END AS gateway,
       coalesce(w.database, v.definition ->> 'database', '') AS database, i.error_code, i.error, i.workflow_id,
       i.ordinal, i.created_at
FROM (
  SELECT o.instance_id, o.workflow_id, o.version, o.trigger, o.interval_start, o.interval_end, o.scheduled_at,
         o.status, o.detail, o.started_at, NULL::timestamptz AS finished_at, o.backfill_id, o.variables,
         NULL::text AS error_code, NULL::text AS error, o.ordinal, o.created_at
  FROM sluice_private.instances o
  UNION ALL
  SELECT h.instance_id, h.workflow_id, h.version, h.trigger, h.interval_start, h.interval_end, h.scheduled_at,
         h.status, h.detail, h.started_at, h.finished_at, h.backfill_id, h.variables, h.error_code, h.error, h.ordinal,
         h.created_at
  FROM sluice_private.instance_history h
) i
LEFT JOIN sluice_private.workflows w ON w.workflow_id = i.workflow_id
LEFT JOIN sluice_private.workflow_versions v ON v.workflow_id = i.workflow_id AND v.version = i.version;
COMMENT ON COLUMN sluice.workflow_instances.started_at IS 'When its first task started; that of the last rerun.';
COMMENT ON COLUMN sluice.workflow_instances.variables IS 'Variables as resolved for this run: name to value.';
COMMENT ON COLUMN sluice.workflow_instances.ordinal IS 'Its place in the backfill it belongs to.';
COMMENT ON COLUMN sluice.workflow_instances.created_at IS 'When it was made.';
CREATE INDEX instances_by_time ON sluice_private.instances (scheduled_at DESC, instance_id);

CREATE OR REPLACE VIEW sluice.task_instances AS
SELECT k.task_instance_id, k.instance_id, k.task, k.status,
       coalesce(k.detail, CASE k.status WHEN 'PENDING' THEN 'QUEUED' END) AS detail, k.attempt,
       (SELECT count(*) FROM sluice_private.task_attempts a
        WHERE a.task_instance_id = k.task_instance_id)
         + CASE WHEN k.status = 'RUNNING' THEN 1 ELSE 0 END AS attempts,
       k.queue, k.ready_at AS due_at, k.claimed_at,
       coalesce(
         (SELECT max(r.started_at) FROM sluice_private.refresh_runs r
          WHERE r.instance_id = k.instance_id AND r.task_instance_id = k.task_instance_id
            AND r.started_at >= k.claimed_at), k.claimed_at) AS started_at,
       k.finished_at, k.gateway_id AS gateway,
       (SELECT r.run_id FROM sluice_private.refresh_runs r
        WHERE r.instance_id = k.instance_id AND r.task_instance_id = k.task_instance_id
        ORDER BY r.finished_at DESC LIMIT 1) AS run_id,
       k.error_code, k.error, p.done, p.total, p.note,
       coalesce(w.database, k.frame ->> 'database') AS database,
       coalesce(w.name, k.frame ->> 'workflow') AS workflow, k.workflow_id
FROM (SELECT * FROM sluice_private.task_instances UNION ALL SELECT * FROM sluice_private.task_history) k
LEFT JOIN sluice_private.task_progress p ON p.task_instance_id = k.task_instance_id
LEFT JOIN sluice_private.workflows w ON w.workflow_id = k.workflow_id;
COMMENT ON COLUMN sluice.task_instances.attempt IS 'Number of the last attempt since the last rerun; 0: none yet.';
COMMENT ON COLUMN sluice.task_instances.attempts IS 'Attempts made, reruns included.';
COMMENT ON COLUMN sluice.task_instances.started_at IS 'When its last attempt started.';
COMMENT ON COLUMN sluice.task_instances.database IS 'Schema of the workflow.';
COMMENT ON COLUMN sluice.task_instances.workflow IS 'Name of the workflow.';
COMMENT ON COLUMN sluice.task_instances.workflow_id IS 'Identity of the workflow.';

-- A run of a backfill may be made again while the backfill makes another one for the same interval.
DROP INDEX sluice_private.instances_of_backfill;
CREATE INDEX instances_of_backfill ON sluice_private.instances (backfill_id, ordinal) WHERE backfill_id IS NOT NULL;
