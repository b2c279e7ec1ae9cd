// The graph of tasks: names, upstream tasks, circles. Linear in the tasks and their edges, since a
// workflow may have ten thousand. Pure.

import { GatewayError } from "../common/gateway-error.ts";
import { nearest } from "../common/nearest.ts";
import { errorAt } from "./places.ts";
import type { PositionOf, TaskRequest } from "./workflow-request.ts";

type Named = Pick<TaskRequest, "name" | "after">;

/** Characters that a name of a workflow, task or queue may have. */
const longestName = 255;
/** Names that are compared with a misspelt one. */
const compared = 1_000;

/** Throws WF-NAME: empty, too long, or with characters that cannot be seen. */
export function checkName(what: "workflow" | "task" | "queue", name: string): void {
  if (name.trim() === "") throw new GatewayError("WF-NAME", `the name of a ${what} is empty`);
  if (name.length > longestName) {
    throw new GatewayError("WF-NAME", `the name of a ${what} is too long`, {
      detail: `At most ${longestName} characters are possible.`,
    });
  }
  if (!/\p{Cc}/u.test(name)) return;
  throw new GatewayError("WF-NAME", `the name of a ${what} has a control character`);
}

/** Throws WF-TASKS-EMPTY, WF-NAME, WF-TASK-DUPLICATE, WF-TASK-UNKNOWN, WF-CYCLE. */
export function checkTaskGraph(tasks: readonly Named[], positionOf: PositionOf): void {
  if (tasks.length === 0) {
    throw errorAt(positionOf, "tasks", ["WF-TASKS-EMPTY", "a workflow needs at least one task"]);
  }
  const places = new Map<string, number>();
  for (const [index, { name }] of tasks.entries()) {
    if (places.has(name)) {
      const message = `task "${name}" occurs twice`;
      throw errorAt(positionOf, `tasks/${index}`, ["WF-TASK-DUPLICATE", message]);
    }
    places.set(name, index);
  }
  for (const [index, task] of tasks.entries()) checkAfter(task, index, places, positionOf);
  const circle = firstCircle(tasks, places);
  if (circle === null) return;
  const { path, names } = circle;
  throw errorAt(positionOf, path, ["WF-CYCLE", "tasks wait for each other in a circle"], {
    detail: `The circle is ${names.map((name) => `"${name}"`).join(" -> ")}.`,
  });
}

function checkAfter(
  { name, after }: Named,
  index: number,
  places: ReadonlyMap<string, number>,
  positionOf: PositionOf,
): void {
  const seen = new Set<string>();
  for (const [at, upstream] of after.entries()) {
    const path = `tasks/${index}/after/${at}`;
    if (!places.has(upstream)) {
      const meant = nearest(upstream, [...places.keys()].slice(0, compared));
      throw errorAt(positionOf, path, ["WF-TASK-UNKNOWN", `task "${upstream}" does not exist`], {
        detail: `Task "${name}" is to run after it.`,
        hint: meant === null ? undefined : `Did you mean "${meant}"?`,
      });
    }
    if (seen.has(upstream)) {
      const message = `task "${name}" names task "${upstream}" twice in AFTER`;
      throw errorAt(positionOf, path, ["WF-TASK-DUPLICATE", message]);
    }
    seen.add(upstream);
  }
}

/** The first AFTER name in the order of the text that lies on a circle, and that circle. */
function firstCircle(
  tasks: readonly Named[],
  places: ReadonlyMap<string, number>,
): { readonly path: string; readonly names: readonly string[] } | null {
  const upstream = tasks.map(({ after }) => after.map((name) => places.get(name) ?? -1));
  const group = strongGroups(upstream);
  for (const [index, edges] of upstream.entries()) {
    for (const [at, target] of edges.entries()) {
      if (group[index] !== group[target]) continue;
      const way = wayBack(upstream, group, { from: target, to: index });
      const names = [index, ...way].map((place) => tasks[place]?.name ?? "");
      return { path: `tasks/${index}/after/${at}`, names };
    }
  }
  return null;
}

/**
 * For each node the number of its strongly connected component (Tarjan, without recursion): two
 * nodes have the same number if each can be reached from the other.
 */
function strongGroups(edges: readonly (readonly number[])[]): readonly number[] {
  const order = edges.map(() => -1);
  const low = edges.map(() => 0);
  const group = edges.map(() => -1);
  const open: number[] = [];
  let counter = 0;
  const enter = (node: number) => {
    order[node] = low[node] = counter++;
    open.push(node);
    return { node, next: 0 };
  };
  for (const start of edges.keys()) {
    if (order[start] !== -1) continue;
    const stack = [enter(start)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { node } = top;
      const target = edges[node]?.[top.next++];
      if (target === undefined) {
        stack.pop();
        const parent = stack.at(-1)?.node;
        if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
        if (low[node] === order[node]) closeGroup(node, open, group);
      } else if (order[target] === -1) stack.push(enter(target));
      else if (group[target] === -1) low[node] = Math.min(low[node] ?? 0, order[target] ?? 0);
    }
  }
  return group;
}

function closeGroup(root: number, open: number[], group: number[]): void {
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    group[node] = root;
    if (node === root) return;
  }
}

/** A shortest way along the edges of one group, both ends included. */
function wayBack(
  edges: readonly (readonly number[])[],
  group: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] {
  const cameFrom = new Map<number, number | null>([[from, null]]);
  const queue = [from];
  for (const node of queue) {
    if (node === to) break;
    for (const next of edges[node] ?? []) {
      if (cameFrom.has(next) || group[next] !== group[from]) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  const way: number[] = [];
  for (let node: number | null = to; node !== null; node = cameFrom.get(node) ?? null) {
    way.unshift(node);
  }
  return way;
}
