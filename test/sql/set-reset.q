# SET and RESET: options of the session; PostgreSQL's own settings pass through.

SET 'table.dml-sync' = 'true';

SET 'execution.runtime-mode' = 'batch';

SET 'my.own.key' = '  kept  ';

SET table.display.max-column-width = 40;

SET;

# An illegal value changes nothing.
SET 'table.dml-sync' = 'perhaps';

SET 'table.sql-dialect' = 'unknown';

SET 'table.local-time-zone' = 'Mars/Olympus';

SET 'workflow.scheduler.type' = 'embedded';

RESET 'my.own.key';

RESET 'never.set';

SET;

RESET;

SET;

# PostgreSQL's
SET app.tenant = '5';

SHOW app.tenant;

SET work_mem = '5MB';

SHOW work_mem;

RESET work_mem;

# Another session has its own.
!session other

SET;

SHOW app.tenant;
