# Statements that are understood and not carried out: Flink's own.

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
