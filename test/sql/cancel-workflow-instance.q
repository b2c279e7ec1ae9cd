# What waits can be canceled or skipped; what is open cannot be run again.

CREATE TABLE switch (v int);

INSERT INTO switch VALUES (0);

CREATE WORKFLOW w WITH ('retries' = '1', 'retry.delay' = '1 h') TASKS (
  a EXECUTE 'SELECT 1 / v FROM switch',
  b EXECUTE 'SELECT 2' AFTER (a),
  c EXECUTE 'SELECT 3' AFTER (b));

EXECUTE WORKFLOW w;

!clock

ALTER WORKFLOW INSTANCE '<job 1>' RERUN;

ALTER WORKFLOW INSTANCE '<job 1>' SKIP TASK b;

SELECT task, status, detail, attempt FROM sluice.task_instances ORDER BY task;

ALTER WORKFLOW INSTANCE '<job 1>' CANCEL;

!clock

SELECT task, status, detail, attempt FROM sluice.task_instances ORDER BY task;

# A skipped task lets what waits for it go on.
EXECUTE WORKFLOW w;

!clock

ALTER WORKFLOW INSTANCE '<job 2>' SKIP TASK a;

!clock

SELECT task, status, detail, attempt FROM sluice.task_instances WHERE instance_id = '<job 2>' ORDER BY task;

# A dropped workflow takes its open runs along, and leaves its history.
EXECUTE WORKFLOW w;

!clock

DROP WORKFLOW w;

!clock

SELECT workflow, status, detail FROM sluice.workflow_instances ORDER BY status, finished_at;

ALTER WORKFLOW INSTANCE '<job 2>' RERUN;
