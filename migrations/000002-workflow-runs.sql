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
