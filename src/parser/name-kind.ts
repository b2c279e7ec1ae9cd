// Which names may stand behind these tokens: a statement about workflows names workflows, queues
// and its own tasks as well as tables.

import type { IToken } from "chevrotain";
import type { Source } from "./source.ts";
import { identifierText } from "./token-text.ts";

export type NameKind = "catalog" | "workflow" | "workflow or table" | "queue" | "task";

/** The kind of the name that comes next; `head` are the first words of the statement. */
export function nameKindBehind(tokens: readonly IToken[], head: readonly string[]): NameKind {
  const names = withoutPath(tokens.map((token) => token.tokenType.name));
  const last = names.at(-1) ?? "";
  const object = head[1] === "CREATE" ? head[2] : head[1];
  if (last === "FROM" && object === "BACKFILLS") return "workflow or table";
  if (last === "FROM" && object === "WORKFLOW") return "workflow";
  if (isTaskList(names)) return "task";
  if (last !== object && last !== "EXISTS" && last !== "EXTENDED") return "catalog";
  if (object === "WORKFLOW") return "workflow";
  return object === "QUEUE" ? "queue" : "catalog";
}

/** Names of the tasks that a CREATE WORKFLOW defines, as far as it is written, without repeats. */
export function taskNames(source: Source, tokens: readonly IToken[]): readonly string[] {
  const names = tokens.flatMap((token, index) => {
    const verb = tokens[index + 1]?.tokenType.name;
    const before = tokens[index - 1]?.tokenType.name;
    const begins = before === "'('" || before === "','" || before === "TASK";
    const isTask = begins && (verb === "EXECUTE" || verb === "REFRESH");
    return isTask ? [identifierText(source, token)] : [];
  });
  return [...new Set(names)];
}

/** Inside of AFTER (…), and behind OF and the TASK of an edit. */
function isTaskList(names: readonly string[]): boolean {
  const last = names.at(-1);
  if (last === "OF") return true;
  if (last !== "'('" && last !== "','") return false;
  const open = names.lastIndexOf("'('");
  return names[open - 1] === "AFTER" && !names.slice(open).includes("')'");
}

/** The path that is being typed, `a.b.`, does not tell what stands before it. */
function withoutPath(names: readonly string[]): readonly string[] {
  let end = names.length;
  while (end >= 2 && names[end - 1] === "'.'") end -= 2;
  return names.slice(0, end);
}
