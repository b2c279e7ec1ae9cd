// The grammar of column types: Flink's names and PostgreSQL's. Which PostgreSQL type a name means:
// type-names.ts.

export const dataTypeRules = `
type: plainType typeSuffix* [[NOT] NULL]

typeSuffix: ARRAY | MULTISET | '[' [<Number>] ']'

plainType:
    (DOUBLE [PRECISION] | characterType | timeType | intervalType
    | (ARRAY | MULTISET) '<' type '>' | MAP '<' type ',' type '>' | rowType | rawType
    | structuredType | namedType)!

characterType: (CHAR | CHARACTER | BIT) [VARYING] [typeLength]

timeType: (TIME | TIMESTAMP) [typeLength] [(WITH | WITHOUT) [LOCAL] TIME ZONE]

intervalType: INTERVAL [intervalField [TO intervalField]]

intervalField: intervalUnit [typeLength]

rowType: ROW ('<' [rowField % ','] '>' | '(' [rowField % ','] ')')

rowField: <Identifier> type [<String>]

rawType: RAW '(' <String> ',' <String> ')'

structuredType: STRUCTURED '<' <String> [structuredFields] '>'

structuredFields: (',' rowField)+

namedType: <Identifier> % '.' [typeModifiers]

typeLength: '(' <Number> ')'

typeModifiers: '(' typeModifier % ',' ')'

typeModifier: ['-'] <Number> | <Identifier>
`;
