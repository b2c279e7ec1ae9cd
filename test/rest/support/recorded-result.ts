// A result of several pages as one, from a recording or from us, in a form that can be compared.

export interface Result {
  readonly error: string | null;
  readonly head: unknown;
  readonly columns: readonly unknown[];
  /** Null: not kept in the recording. */
  readonly rows: readonly (readonly unknown[] | null)[];
  /** How many rows of a query its client read before it closed it; null: it read to the end. */
  readonly closedAfter: number | null;
}

export interface RecordedPage {
  readonly text: string;
  /** Rows that were not kept, before the last one. */
  readonly leftOut: number;
}

export interface PageBody {
  readonly errors?: string[];
  readonly isQueryResult?: boolean;
  readonly jobID?: string;
  readonly resultKind?: string;
  readonly nextResultUri?: string;
  readonly results?: { columns: unknown[]; data: { fields: unknown[] }[] };
}

export function merge(texts: readonly RecordedPage[]): Result | null {
  if (texts.length === 0) return null;
  const pages = texts.map((page) => ({
    body: JSON.parse(exactNumbers(page.text)) as PageBody,
    leftOut: page.leftOut,
  }));
  const failed = pages.find(({ body }) => body.errors !== undefined)?.body;
  const first = pages[0]?.body;
  const rows = pages.flatMap(({ body, leftOut }) => {
    const kept = (body.results?.data ?? []).map((row) => row.fields);
    const gap = Array.from({ length: leftOut }, () => null);
    return gap.length === 0 ? kept : [...kept.slice(0, -1), ...gap, ...kept.slice(-1)];
  });
  const open = pages.at(-1)?.body.nextResultUri !== undefined && first?.isQueryResult === true;
  return {
    error: failed?.errors === undefined ? null : userLine(failed.errors),
    head: [first?.isQueryResult, typeof first?.jobID, first?.resultKind],
    columns: first?.results?.columns ?? [],
    rows,
    closedAfter: open ? rows.length : null,
  };
}

/**
 * Numbers become texts of their digits after a `#`: JavaScript's would make 9223372036854775807 and
 * its neighbours one.
 */
function exactNumbers(text: string): string {
  const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
  return text.replaceAll(token, (one) => (one.startsWith('"') ? one : `"#${one}"`));
}

/** Whether the columns are the recorded ones, but for those whose logical type is given here. */
export function sameColumns(
  recorded: Result,
  got: Result,
  ours: Readonly<Record<string, unknown>>,
): boolean {
  const wanted = recorded.columns.map((column) => {
    const name = (column as { name: string }).name;
    return ours[name] === undefined ? column : { ...(column as object), logicalType: ours[name] };
  });
  const [left, right] = [wanted, got.columns].map((columns) =>
    JSON.stringify(columns.map(nullable)).replaceAll(/"#(\d+)"/g, "$1"),
  );
  return left === right;
}

/** Whether the rows are the recorded ones, but for the columns whose values are given here. */
export function sameRows(
  recorded: Result["rows"],
  got: Result,
  ours: Readonly<Record<string, unknown>>,
): boolean {
  const names = got.columns.map((column) => (column as { name: string }).name);
  const wanted = recorded.map((row, at) =>
    (row ?? []).map((value, column) => {
      const values = ours[names[column] ?? ""] as readonly unknown[] | undefined;
      return values === undefined ? value : values[at];
    }),
  );
  return JSON.stringify(wanted) === JSON.stringify(got.rows);
}

/**
 * What is not compared of a column: nullability, which PostgreSQL does not tell of a query's
 * columns, and the names of columns that the user did not name.
 */
export function nullable(column: unknown): unknown {
  const text = JSON.stringify(column).replaceAll('"nullable":false', '"nullable":true');
  return JSON.parse(text.replace(/"name":"(EXPR\$\d+|\?column\?|column\d+)"/, '"name":"?"'));
}

/** The first line of what users see. */
export function userLine(errors: readonly string[]): string {
  const text = errors[errors.length - 1] ?? "";
  const at = text.lastIndexOf("Caused by: ");
  return (at < 0 ? text : text.slice(at + "Caused by: ".length)).split("\n")[0] ?? "";
}
