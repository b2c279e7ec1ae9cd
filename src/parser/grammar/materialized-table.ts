// The grammar of materialized tables, in the notation of notation.ts. The text after AS arrives as
// one token.

export const materializedTableRules = `
createMaterializedTable:
    [OR (ALTER | REPLACE)] [TEMPORARY] MATERIALIZED TABLE [ifNotExists] name
    [schemaList] [commentClause] [distributedClause] [partitionedBy] [withOptions]
    [startMode] [freshness] [refreshMode] AS <Query>

ifNotExists: IF NOT EXISTS

ifExists: IF EXISTS

schemaList: '(' schemaItem % ',' ')'

schemaItem: tableConstraint | watermark | listedColumn

listedColumn: path [computedPart | typedPart]

computedPart: AS <Expression> [commentClause]

typedPart: type [metadataPart | columnConstraint] [commentClause]

metadataPart: METADATA [metadataFrom] [VIRTUAL]

metadataFrom: FROM <String>

columnConstraint: [constraintName] (PRIMARY KEY | UNIQUE) [enforcement]

tableConstraint: [constraintName] (PRIMARY KEY | UNIQUE) columnNames [enforcement]

constraintName: CONSTRAINT <Identifier>

enforcement: [NOT] ENFORCED

columnNames: '(' <Identifier> % ',' ')'

watermark: WATERMARK FOR path AS <Expression>

commentClause: COMMENT <String>

distributedClause: DISTRIBUTED distribution

distribution: BY [HASH | RANGE] columnNames [buckets] | buckets

buckets: INTO <Number> BUCKETS

partitionedBy: PARTITIONED BY columnNames

withOptions: WITH optionList

optionList: '(' [optionPair % ','] ')'

optionPair: <String> '=' <String>

optionKeys: '(' [<String> % ','] ')'

startMode: START_MODE '=' startModeValue

startModeValue:
    FROM_BEGINNING | RESUME_OR_FROM_BEGINNING
    | (FROM_NOW | RESUME_OR_FROM_NOW) ['(' interval ')']
    | (FROM_TIMESTAMP | RESUME_OR_FROM_TIMESTAMP) '(' timestamp ')'

freshness: FRESHNESS '=' interval

refreshMode: REFRESH_MODE '=' (FULL | CONTINUOUS)

interval: INTERVAL ['-'] <String> intervalUnit [TO intervalUnit]

intervalUnit:
    SECOND | SECONDS | MINUTE | MINUTES | HOUR | HOURS | DAY | DAYS | WEEK | WEEKS
    | MONTH | MONTHS | QUARTER | QUARTERS | YEAR | YEARS

timestamp: TIMESTAMP [WITH LOCAL TIME ZONE] <String>

alterMaterializedTable: MATERIALIZED TABLE name alterAction

alterAction:
    suspendAction | resumeAction | refreshAction | backfillAction | setAction | resetAction
    | asAction | renameAction | commentClause | itemsAction | dropAction

suspendAction: SUSPEND [withOptions]

resumeAction: RESUME [withOptions]

refreshAction: REFRESH [partitionSpec] [CASCADE] [withOptions]

partitionSpec: PARTITION '(' partitionPair % ',' ')'

partitionPair: <Identifier> '=' literal

literal:
    <String> | ['+' | '-'] <Number> | DATE <String> | timestamp | TRUE | FALSE | NULL

backfillAction: BACKFILL FROM literal TO literal [withOptions]

setAction: SET (freshness | refreshMode | optionList)

resetAction: RESET optionKeys

asAction: [startMode] [withOptions] AS <Query>

renameAction: RENAME TO name

itemsAction: (ADD | MODIFY) (DISTRIBUTION distribution | alterItems)!

alterItems: alterItem | '(' alterItem % ',' ')'

alterItem: tableConstraint | watermark | placedColumn

placedColumn: path (computedPart | typedPart) [FIRST | AFTER path]

dropAction: DROP (DISTRIBUTION | PRIMARY KEY | constraintName | WATERMARK | path | pathList)!

pathList: '(' path % ',' ')'

dropMaterializedTable: [TEMPORARY] MATERIALIZED TABLE [ifExists] name [RESTRICT | CASCADE]

name: <Identifier> % '.'

path: <Identifier> % '.'
`;
