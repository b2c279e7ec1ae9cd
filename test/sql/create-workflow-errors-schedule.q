# CREATE WORKFLOW refuses schedules and bounds that mean nothing; the place is that of the literal.
# covers: S1-21, S1-22, S1-28

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 * *  * * * *' TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: cron expression has 9 fields at line 1, column 35 [WF-CRON]
Hint: Six or seven fields are Quartz (second minute hour day-of-month month day-of-week [year]), five are Unix (minute hour day-of-month month day-of-week).
!error WF-CRON 22023

CREATE WORKFLOW w SCHEDULE = CRON '0 61 2 ? * *' TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: "61" does not fit minute at line 1, column 35 [WF-CRON]
Hint: Accepted: 0-59, lists, ranges and steps, "*".
!error WF-CRON 22023

CREATE WORKFLOW w SCHEDULE = CRON '0 0 0 30 2 ?' TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: cron expression never fires at line 1, column 35 [WF-CRON]
Hint: No day of the calendar matches it.
!error WF-CRON 22023

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 1 * MON' TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: day of month and day of week are both restricted at line 1, column 35 [WF-CRON]
Hint: Put "?" into one of them; the five-field form fires on either.
!error WF-CRON 22023

CREATE WORKFLOW w SCHEDULE = EVERY INTERVAL '0' HOUR TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: a workflow cannot run every '0' HOUR at line 1, column 36 [WF-SCHEDULE]
Detail: EVERY takes a positive whole number of SECOND, MINUTE, HOUR, DAY or WEEK.
!error WF-SCHEDULE 22023

CREATE WORKFLOW w SCHEDULE = EVERY INTERVAL '1.5' HOUR TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: a workflow cannot run every '1.5' HOUR at line 1, column 36 [WF-SCHEDULE]
Detail: EVERY takes a positive whole number of SECOND, MINUTE, HOUR, DAY or WEEK.
!error WF-SCHEDULE 22023

CREATE WORKFLOW w SCHEDULE = EVERY INTERVAL '1' MONTH TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: a workflow cannot run every '1' MONTH at line 1, column 36 [WF-SCHEDULE]
Detail: EVERY takes a positive whole number of SECOND, MINUTE, HOUR, DAY or WEEK.
Hint: Months and years are a matter for CRON.
!error WF-SCHEDULE 22023

CREATE WORKFLOW w SCHEDULE = MANUAL TIME ZONE 'Europe/Berlln' TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: time zone "Europe/Berlln" does not exist at line 1, column 47 [WF-TIME-ZONE]
Hint: Use an IANA name such as Europe/Berlin, an offset such as +02:00, or UTC.
!error WF-TIME-ZONE 22023

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *' START AT TIMESTAMP 'tomorrow' TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: "tomorrow" cannot be read as a timestamp at line 1, column 49 [WF-TIMESTAMP]
Detail: Expected wall-clock time such as 2026-12-01 00:00:00, without an offset.
!error WF-TIMESTAMP 22007

CREATE WORKFLOW w SCHEDULE = CRON '0 0 2 ? * *'
  START AT TIMESTAMP '2027-01-01 00:00:00' END AT TIMESTAMP '2027-01-01 00:00:00' TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: END AT is not after START AT at line 2, column 51 [WF-BOUNDS]
!error WF-BOUNDS 22023

CREATE WORKFLOW w START AT TIMESTAMP '2027-01-01 00:00:00' TASKS (a EXECUTE 'SELECT 1');
org.apache.flink.table.api.ValidationException: START AT needs a schedule at line 1, column 19 [WF-BOUNDS]
Hint: A workflow without SCHEDULE runs when it is told to.
!error WF-BOUNDS 22023

# A start in the past is taken, with a warning.
CREATE WORKFLOW past SCHEDULE = CRON '0 0 2 ? * *' START AT TIMESTAMP '2020-01-01 00:00:00' TASKS (a EXECUTE 'SELECT 1');
OK
WARNING: START AT (2020-01-01T00:00:00.000Z) lies in the past; the schedule counts from the moment the workflow is enabled. BACKFILL WORKFLOW runs earlier times.
!ok

SHOW CREATE WORKFLOW w;
org.apache.flink.table.api.ValidationException: workflow "public.w" does not exist [WF-NOTFOUND]
!error WF-NOTFOUND 42704
