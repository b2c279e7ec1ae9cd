// The grammar of sessions, catalogs, jobs and of SHOW, DESCRIBE, EXPLAIN, in the notation of
// notation.ts.

export const statementRules = `
statement:
    createStatement | alterStatement | dropStatement | showStatement | describeStatement
    | explainStatement | setStatement | resetStatement | useStatement | stopJob
    | executeWorkflow | backfillWorkflow

createStatement: CREATE
    (createMaterializedTable | createDatabase | createCatalog | createWorkflow | createQueue)@3

alterStatement: ALTER
    (alterMaterializedTable | alterDatabase | alterCatalog | alterWorkflowInstance
    | alterWorkflow | alterQueue | alterBackfill)@3

dropStatement: DROP
    (dropMaterializedTable | dropDatabase | dropCatalog | dropWorkflow | dropQueue)

createDatabase: DATABASE [ifNotExists] name [commentClause] [withOptions]

alterDatabase: DATABASE name catalogChange

catalogChange: SET optionList | RESET optionKeys | commentClause | RENAME TO <Identifier>

dropDatabase: DATABASE [ifExists] name [RESTRICT | CASCADE]

createCatalog: CATALOG [ifNotExists] name [commentClause] [withOptions]

alterCatalog: CATALOG name catalogChange

dropCatalog: CATALOG [ifExists] name

showStatement: SHOW
    (showCatalogs | showDatabases | showTables | showViews | showMaterializedTables
    | showFunctions | showProcedures | showColumns | showCreate | showCreateWorkflow
    | showPartitions | showJobs | showJars | showModules | showCurrent | showRefreshes
    | showWorkflows
    | showWorkflowInstances | showTaskInstances | showBackfills | showQueues)

showCatalogs: CATALOGS [like]

showDatabases: DATABASES [inDatabase] [like]

showTables: TABLES [inDatabase] [like]

showViews: VIEWS [inDatabase] [like]

showMaterializedTables: MATERIALIZED TABLES [inDatabase] [like]

showFunctions: [USER] FUNCTIONS [inDatabase] [like]

showProcedures: PROCEDURES [inDatabase] [like]

showColumns: COLUMNS inDatabase [like]

showCreate: CREATE
    (TABLE name | VIEW name | [OR ALTER] MATERIALIZED TABLE name [EXPANDED] | CATALOG name
    | DATABASE name)

showCreateWorkflow: CREATE WORKFLOW name [VERSION <Number>]

showPartitions: PARTITIONS name [partitionSpec]

showJobs: JOBS

showJars: JARS

showModules: [FULL] MODULES

showCurrent: CURRENT (CATALOG | DATABASE)

showRefreshes: REFRESHES [fromName] [withStatus] [limitClause]

showWorkflows: WORKFLOWS [inDatabase] [like]

showWorkflowInstances: WORKFLOW INSTANCES [fromName] [withStatus] [limitClause]

showTaskInstances: TASK INSTANCES FROM INSTANCE <String>

showBackfills: BACKFILLS [fromName]

showQueues: QUEUES

inDatabase: (FROM | IN) name

fromName: FROM name

withStatus: WITH STATUS <String>

limitClause: LIMIT <Number>

like: [NOT] (LIKE | ILIKE) <String>

describeStatement: (DESCRIBE | DESC)
    (describeJob | describeBackfill | describeCatalog | describeDatabase | describeFunction
    | describeWorkflow | describeTable)

describeJob: JOB <String>

describeBackfill: BACKFILL <String>

describeCatalog: CATALOG describedName

describeDatabase: DATABASE describedName

describeFunction: FUNCTION describedName

describeWorkflow: WORKFLOW describedName

describeTable: [[MATERIALIZED] TABLE] describedName

# A choice and not an optional word, so that something called "extended" can be described.
describedName: EXTENDED name | name

explainStatement: EXPLAIN [PLAN FOR | explainDetail % ',' | <PostgresOptions>]
    (CREATE createMaterializedTable | ALTER alterMaterializedTable | explainTable | <Query>)

explainDetail: ESTIMATED_COST | CHANGELOG_MODE | JSON_EXECUTION_PLAN | PLAN_ADVICE

explainTable: MATERIALIZED TABLE name

setStatement: SET [setting]

setting: <String> '=' <String> | <SettingKey> '=' (<SettingValue> | <String>)

resetStatement: RESET [<String> | <SettingKey>]

useStatement: USE (CATALOG anyName | anyName)

anyName: <Word> % '.'

stopJob: STOP JOB <String> [WITH SAVEPOINT] [WITH DRAIN]
`;
