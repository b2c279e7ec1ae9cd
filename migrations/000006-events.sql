-- Events, notifications, retention.

-- Events --------------------------------------------------------------------------------------------------------------

-- What changed, appended by triggers in the transaction that changes it. A reader who follows them must not pass over an
-- id that was drawn by a transaction which commits later: event_writers() tells how far it may read.
CREATE TABLE sluice_private.events (
  event_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at                timestamptz NOT NULL DEFAULT sluice_private.clock(),
  kind              text NOT NULL,
  database          text,
  workflow          text,
  table_name        text,
  task              text,
  instance_id       text,
  task_instance_id  text,
  backfill_id       text,
  status            text,
  detail            text,
  error_code        text,
  error             text,
  workflow_id       text,
  table_id          text,
  facts             jsonb
);

-- Who writes an event holds a lock on the table from before it draws the id until it has ended. So what was drawn up to
-- `drawn` is complete for snapshots taken after all of `writers` are gone (they hold the lock, or had ended). No event is
-- lost to a reader, and one long transaction that writes none holds up nobody.
CREATE FUNCTION sluice_private.event_writers(OUT drawn bigint, OUT writers text[])
  LANGUAGE plpgsql VOLATILE
  AS $$
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
  $$;

-- The table of a table's own workflow, by the workflow's name.
CREATE FUNCTION sluice_private.table_of_workflow(workflow text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN workflow LIKE 'table:%' THEN substr(workflow, 7) END $$;

-- For all instances that a claim starts at once: row by row it would cost as much as the claim.
CREATE FUNCTION sluice_private.event_of_instance_start() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER event_of_start AFTER UPDATE ON sluice_private.instances
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
  EXECUTE FUNCTION sluice_private.event_of_instance_start();

CREATE FUNCTION sluice_private.event_of_instance_end() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER event_of_end AFTER INSERT ON sluice_private.instance_history
  REFERENCING NEW TABLE AS ended FOR EACH STATEMENT
  EXECUTE FUNCTION sluice_private.event_of_instance_end();

-- Notifications -------------------------------------------------------------------------------------------------------

-- Who wants to hear what: worked out when the options are stored, so that the end of a task asks one index. Version 0 and
-- task '' are a table's own options, which hold for whatever version runs.
CREATE TABLE sluice_private.notify_targets (
  workflow_id  text NOT NULL,
  version      integer NOT NULL,
  task         text NOT NULL,
  channel      text NOT NULL,
  target       text NOT NULL,
  occasions    text[] NOT NULL,
  PRIMARY KEY (workflow_id, version, task, channel, target)
);

-- The outbox and, once sent or given up, the history.
CREATE TABLE sluice_private.notifications (
  notification_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  occasion          text NOT NULL
    CHECK (occasion IN ('STARTUP', 'SUCCESS', 'FAILURE', 'FRESHNESS_VIOLATED', 'FRESHNESS_RECOVERED')),
  database          text,
  workflow          text,
  table_name        text,
  task              text,
  instance_id       text,
  task_instance_id  text,
  attempt           integer,
  channel           text NOT NULL CHECK (channel IN ('email', 'webhook', 'dingtalk', 'slack')),
  target            text NOT NULL,
  facts             jsonb NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT sluice_private.clock(),
  status            text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'SENT', 'GIVEN_UP')),
  attempts          integer NOT NULL DEFAULT 0,
  -- PENDING: not before; whoever takes it moves this on, so that nobody else takes it while it is being sent.
  next_attempt_at   timestamptz NOT NULL DEFAULT sluice_private.clock(),
  ended_at          timestamptz,
  last_error        text
);
CREATE INDEX notifications_pending ON sluice_private.notifications (channel, target, next_attempt_at)
  WHERE status = 'PENDING';
CREATE INDEX notifications_ended ON sluice_private.notifications (ended_at) WHERE status <> 'PENDING';

-- Channels and occasions of notify.* options. E-mail addresses are separated by commas or blanks, addresses of the web by
-- blanks or by a comma before the next http.
CREATE FUNCTION sluice_private.notify_targets_of(options jsonb)
  RETURNS TABLE (channel text, target text, occasions text[])
  LANGUAGE sql IMMUTABLE
  AS $$
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
  $$;

CREATE FUNCTION sluice_private.notify_targets_of_version() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER notify_targets AFTER INSERT ON sluice_private.workflow_versions
  FOR EACH ROW EXECUTE FUNCTION sluice_private.notify_targets_of_version();

-- A task's notifications; `its` is its row as jsonb. Called only if its workflow has targets.
CREATE FUNCTION sluice_private.notify_of_task(what text, its jsonb) RETURNS void
  LANGUAGE plpgsql
  AS $$
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
  $$;

CREATE FUNCTION sluice_private.notify_of_task_start() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
  BEGIN
    IF EXISTS (SELECT FROM sluice_private.notify_targets n WHERE n.workflow_id = NEW.workflow_id) THEN
      PERFORM sluice_private.notify_of_task('STARTUP', to_jsonb(NEW));
    END IF;
    RETURN NULL;
  END
  $$;
CREATE TRIGGER notify_of_start AFTER UPDATE OF attempt ON sluice_private.task_instances
  FOR EACH ROW WHEN (NEW.status = 'RUNNING' AND NEW.attempt = 1)
  EXECUTE FUNCTION sluice_private.notify_of_task_start();

-- Ends of tasks -------------------------------------------------------------------------------------------------------

-- A task has ended when its outcome has been acted upon: `advanced`, or at once in history if it was the only one.
CREATE FUNCTION sluice_private.event_of_task_end() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER event_of_end AFTER UPDATE OF advanced ON sluice_private.task_instances
  FOR EACH ROW WHEN (NEW.advanced AND NOT OLD.advanced)
  EXECUTE FUNCTION sluice_private.event_of_task_end();

CREATE FUNCTION sluice_private.event_of_only_task() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER event_of_end AFTER INSERT ON sluice_private.task_history
  REFERENCING NEW TABLE AS ended FOR EACH STATEMENT
  EXECUTE FUNCTION sluice_private.event_of_only_task();

CREATE FUNCTION sluice_private.event_of_retry() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER event_of_retry AFTER UPDATE OF detail ON sluice_private.task_instances
  FOR EACH ROW WHEN (NEW.detail = 'WAITING_RETRY' AND NEW.status = 'PENDING' AND OLD.status <> 'PENDING')
  EXECUTE FUNCTION sluice_private.event_of_retry();

-- Tables, workflows, backfills ----------------------------------------------------------------------------------------

CREATE FUNCTION sluice_private.event_of_table() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER event_of_table AFTER INSERT OR DELETE ON sluice_private.materialized_tables
  FOR EACH ROW EXECUTE FUNCTION sluice_private.event_of_table();
CREATE TRIGGER event_of_table_change AFTER UPDATE OF status, version ON sluice_private.materialized_tables
  FOR EACH ROW WHEN (OLD.status <> NEW.status OR OLD.version <> NEW.version)
  EXECUTE FUNCTION sluice_private.event_of_table();

CREATE FUNCTION sluice_private.notify_targets_of_table() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER notify_targets AFTER INSERT OR DELETE ON sluice_private.materialized_tables
  FOR EACH ROW EXECUTE FUNCTION sluice_private.notify_targets_of_table();
CREATE TRIGGER notify_targets_change AFTER UPDATE OF definition ON sluice_private.materialized_tables
  FOR EACH ROW WHEN (OLD.definition -> 'options' IS DISTINCT FROM NEW.definition -> 'options')
  EXECUTE FUNCTION sluice_private.notify_targets_of_table();

CREATE FUNCTION sluice_private.event_of_workflow() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER event_of_workflow AFTER INSERT ON sluice_private.workflows
  FOR EACH ROW WHEN (NEW.kind = 'user') EXECUTE FUNCTION sluice_private.event_of_workflow();
CREATE TRIGGER event_of_workflow_drop AFTER DELETE ON sluice_private.workflows
  FOR EACH ROW WHEN (OLD.kind = 'user') EXECUTE FUNCTION sluice_private.event_of_workflow();
CREATE TRIGGER event_of_workflow_change AFTER UPDATE OF enabled, version ON sluice_private.workflows
  FOR EACH ROW WHEN (NEW.kind = 'user' AND (OLD.enabled <> NEW.enabled OR OLD.version <> NEW.version))
  EXECUTE FUNCTION sluice_private.event_of_workflow();

CREATE FUNCTION sluice_private.event_of_backfill() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER event_of_backfill AFTER INSERT ON sluice_private.backfills
  FOR EACH ROW EXECUTE FUNCTION sluice_private.event_of_backfill();
CREATE TRIGGER event_of_backfill_change AFTER UPDATE OF status, paused ON sluice_private.backfills
  FOR EACH ROW WHEN (OLD.status <> NEW.status OR OLD.paused <> NEW.paused)
  EXECUTE FUNCTION sluice_private.event_of_backfill();

-- Freshness -----------------------------------------------------------------------------------------------------------

-- What is measured (check_freshness) is told: a violation and its end, each once.
CREATE FUNCTION sluice_private.event_of_freshness() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
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
  $$;
CREATE TRIGGER event_of_freshness AFTER INSERT ON sluice_private.freshness_events
  FOR EACH ROW EXECUTE FUNCTION sluice_private.event_of_freshness();

-- Reports -------------------------------------------------------------------------------------------------------------

CREATE TABLE sluice_private.reports (
  -- The full hour it is for: whoever writes it first has made it.
  at       timestamptz PRIMARY KEY,
  total    integer NOT NULL,
  healthy  integer NOT NULL,
  failed   integer NOT NULL,
  ratio    double precision NOT NULL,
  facts    jsonb NOT NULL
);

-- Retention -----------------------------------------------------------------------------------------------------------

-- Oldest first, each of them pruned by an age of its own.
CREATE INDEX instance_history_good_end ON sluice_private.instance_history (finished_at) WHERE status <> 'FAILED';
CREATE INDEX instance_history_failed_end ON sluice_private.instance_history (finished_at) WHERE status = 'FAILED';

-- Views ---------------------------------------------------------------------------------------------------------------

CREATE VIEW sluice.events AS
SELECT e.event_id, e.at, e.kind, e.database, e.workflow, e.table_name, e.task, e.instance_id, e.task_instance_id,
       e.backfill_id, e.status, e.detail, e.error_code, e.error, e.facts, e.workflow_id, e.table_id
FROM sluice_private.events e;
COMMENT ON VIEW sluice.events IS 'Every change of state, in the order of the ids; docs/operations.md lists the kinds.';
COMMENT ON COLUMN sluice.events.event_id IS 'Identity; grows, but a smaller one may be committed later.';
COMMENT ON COLUMN sluice.events.at IS 'When it happened.';
COMMENT ON COLUMN sluice.events.kind IS 'What happened: INSTANCE_ENDED, TABLE_SUSPENDED, …';
COMMENT ON COLUMN sluice.events.database IS 'Schema of the workflow or table.';
COMMENT ON COLUMN sluice.events.workflow IS 'Name of the workflow then; table:<name> for that of a materialized table.';
COMMENT ON COLUMN sluice.events.table_name IS 'The materialized table; NULL if it is about none.';
COMMENT ON COLUMN sluice.events.task IS 'Name of the task; NULL if it is about none.';
COMMENT ON COLUMN sluice.events.instance_id IS 'The workflow instance.';
COMMENT ON COLUMN sluice.events.task_instance_id IS 'The task instance.';
COMMENT ON COLUMN sluice.events.backfill_id IS 'The backfill.';
COMMENT ON COLUMN sluice.events.status IS 'The status it has come to; of a retry, that of the attempt that ended.';
COMMENT ON COLUMN sluice.events.detail IS 'A finer word.';
COMMENT ON COLUMN sluice.events.error_code IS 'Code of the error.';
COMMENT ON COLUMN sluice.events.error IS 'The error in words.';
COMMENT ON COLUMN sluice.events.facts IS 'What else is known: attempt, version, lag, figures of a backfill.';
COMMENT ON COLUMN sluice.events.workflow_id IS 'Identity of the workflow.';
COMMENT ON COLUMN sluice.events.table_id IS 'Identity of the table, if the event is about the table itself.';

CREATE VIEW sluice.notifications AS
SELECT n.notification_id, n.occasion, n.database, n.workflow, n.table_name, n.task, n.instance_id, n.channel, n.target,
       n.status, n.attempts, n.created_at, CASE n.status WHEN 'PENDING' THEN n.next_attempt_at END AS next_attempt,
       n.ended_at, n.last_error, n.facts, n.task_instance_id, n.attempt
FROM sluice_private.notifications n;
COMMENT ON VIEW sluice.notifications IS 'What was to be told, to whom, and what became of it.';
COMMENT ON COLUMN sluice.notifications.notification_id IS 'Identity of the message.';
COMMENT ON COLUMN sluice.notifications.occasion IS 'STARTUP, SUCCESS, FAILURE, FRESHNESS_VIOLATED or FRESHNESS_RECOVERED.';
COMMENT ON COLUMN sluice.notifications.database IS 'Schema of the workflow or table.';
COMMENT ON COLUMN sluice.notifications.workflow IS 'Name of the workflow then; table:<name> for that of a materialized table.';
COMMENT ON COLUMN sluice.notifications.table_name IS 'The materialized table; NULL for workflows of users.';
COMMENT ON COLUMN sluice.notifications.task IS 'Name of the task; NULL for freshness.';
COMMENT ON COLUMN sluice.notifications.instance_id IS 'The workflow instance; NULL for freshness.';
COMMENT ON COLUMN sluice.notifications.channel IS 'email, webhook, dingtalk or slack.';
COMMENT ON COLUMN sluice.notifications.target IS 'The address.';
COMMENT ON COLUMN sluice.notifications.status IS 'PENDING, SENT or GIVEN_UP.';
COMMENT ON COLUMN sluice.notifications.attempts IS 'How often it was tried.';
COMMENT ON COLUMN sluice.notifications.created_at IS 'When it happened.';
COMMENT ON COLUMN sluice.notifications.next_attempt IS 'When it is tried next; NULL once it has ended.';
COMMENT ON COLUMN sluice.notifications.ended_at IS 'When it was sent or given up.';
COMMENT ON COLUMN sluice.notifications.last_error IS 'Why the last attempt failed.';
COMMENT ON COLUMN sluice.notifications.facts IS 'What the message says: error, scheduled time, lag, …';
COMMENT ON COLUMN sluice.notifications.task_instance_id IS 'The task instance; NULL for freshness.';
COMMENT ON COLUMN sluice.notifications.attempt IS 'Number of the task''s attempt that it is about.';

CREATE VIEW sluice.reports AS
SELECT r.at, r.total, r.healthy, r.failed, r.ratio, r.facts FROM sluice_private.reports r;
COMMENT ON VIEW sluice.reports IS 'The hourly reports about all materialized tables.';
COMMENT ON COLUMN sluice.reports.at IS 'The full hour.';
COMMENT ON COLUMN sluice.reports.total IS 'Materialized tables.';
COMMENT ON COLUMN sluice.reports.healthy IS 'Of these, the healthy ones.';
COMMENT ON COLUMN sluice.reports.failed IS 'Of these, the others.';
COMMENT ON COLUMN sluice.reports.ratio IS 'Share of the healthy ones, from 0 to 1; 1 if there are no tables.';
COMMENT ON COLUMN sluice.reports.facts IS 'Names of the tables that are not healthy, and why.';
