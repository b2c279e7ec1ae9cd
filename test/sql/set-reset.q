# SET and RESET: options of the session; PostgreSQL's own settings pass through.

SET 'table.dml-sync' = 'true';
OK
!ok

SET 'execution.runtime-mode' = 'batch';
OK
!ok

SET 'my.own.key' = '  kept  ';
OK
!ok

SET table.display.max-column-width = 40;
OK
!ok

SET;
key                            | value
-------------------------------+------
execution.runtime-mode         | batch
my.own.key                     | kept
table.display.max-column-width | 40
table.dml-sync                 | true
(4 rows)
!ok

# An illegal value changes nothing.
SET 'table.dml-sync' = 'perhaps';
java.lang.IllegalArgumentException: Could not parse value 'perhaps' for key 'table.dml-sync'.
Message: invalid value "perhaps" for option "table.dml-sync"
Detail: Expected true or false.
!error GW-OPTION-VALUE 22023

SET 'table.sql-dialect' = 'unknown';
java.lang.IllegalArgumentException: No enum constant org.apache.flink.table.api.SqlDialect.UNKNOWN
Message: invalid value "unknown" for option "table.sql-dialect"
Detail: Expected one of DEFAULT.
!error GW-OPTION-VALUE 22023

SET 'table.local-time-zone' = 'Mars/Olympus';
java.lang.IllegalArgumentException: Could not parse value 'Mars/Olympus' for key 'table.local-time-zone'.
Message: invalid value "Mars/Olympus" for option "table.local-time-zone"
Detail: Expected a time zone name such as 'Europe/Berlin', or an offset such as 'GMT+02:00'.
!error GW-OPTION-VALUE 22023

SET 'workflow.scheduler.type' = 'embedded';
org.apache.flink.table.gateway.api.utils.SqlGatewayException: option "workflow.scheduler.type" belongs to the gateway and cannot be set in a session [GW-OPTION-GATEWAY]
Hint: Set workflow-scheduler.type in sluice.yaml or by the environment when the gateway starts.
!error GW-OPTION-GATEWAY 55P02

SET 'workflow.scheduler.quartz.threadCount' = '10';
org.apache.flink.table.gateway.api.utils.SqlGatewayException: option "workflow.scheduler.quartz.threadCount" belongs to the gateway and cannot be set in a session [GW-OPTION-GATEWAY]
Hint: Set refresh.max-connections in sluice.yaml or by the environment when the gateway starts.
!error GW-OPTION-GATEWAY 55P02

RESET 'my.own.key';
OK
!ok

RESET 'never.set';
OK
!ok

SET;
key                            | value
-------------------------------+------
execution.runtime-mode         | batch
table.display.max-column-width | 40
table.dml-sync                 | true
(3 rows)
!ok

RESET;
OK
!ok

SET;
key | value
----+------
(0 rows)
!ok

# PostgreSQL's
SET app.tenant = '5';
OK
!ok

SHOW app.tenant;
app.tenant
----------
5
(1 row)
!ok

SET work_mem = '5MB';
OK
!ok

SHOW work_mem;
work_mem
--------
5MB
(1 row)
!ok

RESET work_mem;
OK
!ok

# Another session has its own.
SET work_mem = '6MB';
OK
!ok

!session other

SET;
key | value
----+------
(0 rows)
!ok

SHOW work_mem;
work_mem
--------
4MB
(1 row)
!ok
