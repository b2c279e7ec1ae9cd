// The grammar of workflows, queues and backfills, in the notation of notation.ts.

export const workflowRules = `
createWorkflow:
    [OR ALTER] WORKFLOW [ifNotExists] name [commentClause] [schedule] [timeZone]
    [startAt] [endAt] [variables] [withOptions] TASKS '(' task % ',' ')'

schedule: SCHEDULE '=' (CRON <String> | EVERY period | MANUAL)

period: INTERVAL <String> intervalUnit

timeZone: TIME ZONE <String>

startAt: START AT zonelessTimestamp

endAt: END AT zonelessTimestamp

# Times of a workflow are in its own zone.
zonelessTimestamp: TIMESTAMP <String>

variables: VARIABLES optionList

task: <Identifier> (executeTask | refreshTask) [commentClause]
    [afterTasks] [variables] [withOptions]

executeTask: EXECUTE <String>

refreshTask: REFRESH name [partitionSpec]

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

executeWorkflow: EXECUTE WORKFLOW name [AT zonelessTimestamp] [variables]

createQueue: QUEUE [ifNotExists] <Identifier> [withOptions]

alterQueue: QUEUE <Identifier> SET optionList

dropQueue: QUEUE [ifExists] <Identifier>

backfillWorkflow:
    BACKFILL WORKFLOW name FROM zonelessTimestamp TO zonelessTimestamp [variables] [withOptions]

alterBackfill: BACKFILL <String> (PAUSE | RESUME | CANCEL | RETRY FAILED)
`;
