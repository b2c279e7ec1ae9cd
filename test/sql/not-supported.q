# Statements that are understood and not carried out: Flink's own, and those of later versions.

# Only Flink knows these.
ADD JAR '/tmp/x.jar';
java.lang.UnsupportedOperationException: ADD JAR is not supported [GW-NOT-SUPPORTED]
Detail: Sluice runs inside of PostgreSQL, where there are no Java classes to load.
Hint: Use CREATE EXTENSION or CREATE FUNCTION.
!error GW-NOT-SUPPORTED 0A000

BEGIN STATEMENT SET;
java.lang.UnsupportedOperationException: BEGIN STATEMENT SET is not supported [GW-NOT-SUPPORTED]
Detail: Sluice runs each INSERT as a statement of its own.
Hint: Wrap the statements in BEGIN and COMMIT.
!error GW-NOT-SUPPORTED 0A000

LOAD MODULE hive;
java.lang.UnsupportedOperationException: LOAD MODULE is not supported [GW-NOT-SUPPORTED]
Detail: Functions come from PostgreSQL's schemas and extensions, not from modules.
Hint: Use CREATE EXTENSION or CREATE FUNCTION.
!error GW-NOT-SUPPORTED 0A000

# Ours, but later
ALTER MATERIALIZED TABLE t BACKFILL FROM '2026-01-01' TO '2026-02-01';
java.lang.UnsupportedOperationException: BACKFILL is not supported yet [GW-NOT-YET]
Detail: Backfills and workflows of your own come in a later version.
!error GW-NOT-YET 0A000

CREATE WORKFLOW w TASKS (a EXECUTE 'SELECT 1');
java.lang.UnsupportedOperationException: CREATE WORKFLOW is not supported yet [GW-NOT-YET]
Detail: This version of Sluice does not carry out CREATE WORKFLOW yet.
!error GW-NOT-YET 0A000

SHOW BACKFILLS;
java.lang.UnsupportedOperationException: SHOW BACKFILLS is not supported yet [GW-NOT-YET]
Detail: Backfills and workflows of your own come in a later version.
!error GW-NOT-YET 0A000

SHOW WORKFLOWS;
java.lang.UnsupportedOperationException: SHOW WORKFLOWS is not supported yet [GW-NOT-YET]
Detail: Backfills and workflows of your own come in a later version.
!error GW-NOT-YET 0A000

SHOW QUEUES;
java.lang.UnsupportedOperationException: SHOW QUEUES is not supported yet [GW-NOT-YET]
Detail: Backfills and workflows of your own come in a later version.
!error GW-NOT-YET 0A000
