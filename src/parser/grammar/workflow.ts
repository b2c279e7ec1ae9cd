// The grammar of workflows, queues and backfills, in the notation of notation.ts.

export const workflowRules = `
createWorkflow:
    [OR ALTER] WORKFLOW [ifNotExists] name [commentClause] [schedule] [timeZone]
    [startAt] [endAt] [variables] [withOptions] TASKS '(' task % ',' ')'

schedule: SCHEDULE '=' (CRON <String> | EVERY interval | MANUAL)

timeZone: TIME ZONE <String>

startAt: START AT timestamp

endAt: END AT timestamp

variables: VARIABLES optionList

task: <Identifier> (EXECUTE <String> | REFRESH name [partitionSpec])
    [commentClause] [afterTasks] [variables] [withOptions]

afterTasks: AFTER columnNames

alterWorkflow: WORKFLOW name
    (ENABLE | DISABLE | RENAME TO <Identifier> | commentClause
    | SET (schedule | variables | optionList)
    | RESET optionKeys | ADD (TASK task | DOWNSTREAM OF <Identifier>) | MODIFY TASK task
    | DROP TASK <Identifier>)

alterWorkflowInstance: WORKFLOW INSTANCE <String>
    (CANCEL | RERUN [FAILED | TASK <Identifier> [WITH DOWNSTREAM]]
    | MARK TASK <Identifier> SUCCESSFUL | SKIP TASK <Identifier>)

dropWorkflow: WORKFLOW [ifExists] name

executeWorkflow: EXECUTE WORKFLOW name [AT timestamp] [variables]

createQueue: QUEUE [ifNotExists] name [withOptions]

alterQueue: QUEUE name SET optionList

dropQueue: QUEUE [ifExists] name

backfillWorkflow: BACKFILL WORKFLOW name FROM timestamp TO timestamp [variables] [withOptions]

alterBackfill: BACKFILL <String> (PAUSE | RESUME | CANCEL | RETRY FAILED)
`;
