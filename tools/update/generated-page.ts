// What the generators have in common: a generator yields whole files, as text, by their path below
// the root. It reads the source of truth and nothing else: no clock, no machine, so that the same
// commit yields the same bytes.

/** Paths relative to the root, and the text each file must have. */
export type GeneratedFiles = Readonly<Record<string, string>>;

/** A table in Markdown; cells are escaped, so that a `|` in a sentence stays a character. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(header), `|${header.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

/** Text in a code span of Markdown; `(empty)` for the empty text, which a code span cannot show. */
export function code(text: string): string {
  return text === "" ? "(empty)" : `\`${text}\``;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
