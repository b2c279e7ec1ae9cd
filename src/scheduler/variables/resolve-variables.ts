// Variables of a run: checked when they are written, resolved when the instance is made. What was
// found fit by `checkVariables` always resolves. The layers are looked through in the order
// overrides, task, workflow, system; a value that names its own variable means the next layer
// below, so that `'system.biz.date' = '${system.biz.date}'` is the system's. Pure.

import { GatewayError } from "../../common/gateway-error.ts";
import { dataInterval, instant } from "../../common/time.ts";
import { Zone } from "../zone.ts";
import {
  type DateValue,
  farthestYears,
  formatDateValue,
  isTooFar,
  parseDateValue,
} from "./date-value.ts";
import { type Piece, splitText, undefinedVariable, type Variables } from "./references.ts";
import { referencesOfSql } from "./scan-sql.ts";
import {
  attemptVariable,
  datedVariables,
  factVariables,
  type RunFacts,
  systemVariables,
} from "./system-variables.ts";

/** Variables as written, by where they were written. */
export interface VariableLayers {
  readonly workflow: Variables;
  /** Of the task at hand. */
  readonly task?: Variables;
  /** Of EXECUTE or a backfill. */
  readonly overrides?: Variables;
}

export type LayerName = keyof VariableLayers;

/** What is wrong with one variable, and in which layer it is written. */
export interface VariableProblem {
  readonly layer: LayerName;
  readonly variable: string;
  readonly error: GatewayError;
}

/** A name may be written as it is referred to: `${date}` is `date`. */
function variableName(written: string): string {
  return /^\$\{([^{}]+)\}$/.exec(written.trim())?.[1] ?? written;
}

type Value =
  | DateValue
  | { readonly kind: "static"; readonly text: string }
  /** Has references. */
  | { readonly kind: "template"; readonly pieces: readonly Piece[] };

const layerOrder: readonly LayerName[] = ["overrides", "task", "workflow"];
/** Characters of one resolved value. */
const longestValue = 10_000;

/**
 * The variables for a task (or for the instance, without `task`), those of the system included.
 * Throws WF-VARIABLE only for layers that `checkVariables` refuses, WF-TIME-ZONE for a zone that
 * does not exist.
 */
export function resolveVariables(
  layers: VariableLayers,
  run: RunFacts,
  timeZone: string,
): Variables {
  const resolution = new Resolution(layers, run, Zone.of(timeZone));
  const names = namesIn(layers);
  const all = [...names, ...datedVariables, ...factVariables];
  return Object.fromEntries(all.map((name) => [name, resolution.resolve(name)]));
}

/**
 * The first thing wrong with the layers, for a position; null: nothing. To be asked for the
 * workflow alone and for each of its tasks, and again with the overrides of a run.
 */
export function checkVariables(layers: VariableLayers): VariableProblem | null {
  const resolution = new Resolution(layers, sampleRun, Zone.of("UTC"));
  for (const layer of layerOrder) {
    const known = new Set<string>();
    for (const variable of Object.keys(layers[layer] ?? {})) {
      const error = errorOf(() => {
        const name = variableName(variable);
        checkName(name, known);
        resolution.resolve(name, layerOrder.indexOf(layer));
      });
      if (error !== null) return { layer, variable, error };
    }
  }
  return null;
}

/**
 * Overrides must have names that the workflow or one of its tasks (all given as `known`) or the
 * system's dates have. The first that has not; null: all have.
 */
export function checkOverrideNames(
  overrides: Variables,
  known: readonly Variables[],
): VariableProblem | null {
  const named = known.flatMap((one) => Object.keys(one)).map(variableName);
  const names = new Set<string>([...datedVariables, ...named]);
  const variable = Object.keys(overrides).find((name) => !names.has(variableName(name)));
  if (variable === undefined) return null;
  const error = new GatewayError("WF-VARIABLE", `the workflow has no variable "${variable}"`, {
    detail: `It has ${[...names].join(", ")}.`,
  });
  return { layer: "overrides", variable, error };
}

/**
 * The error for the first reference of a text that nothing defines or that has no end; null: none.
 * `sql` is an EXECUTE text or a condition, in which the number of the attempt is known; `value` a
 * plain value, such as that of a partition.
 */
export function checkReferences(
  text: string,
  kind: "sql" | "value",
  layers: VariableLayers,
): GatewayError | null {
  return errorOf(() => {
    const known = new Set<string>([...namesIn(layers), ...datedVariables, ...factVariables]);
    if (kind === "sql") known.add(attemptVariable);
    const unknown = referencesOf(text, kind).find((name) => !known.has(name));
    if (unknown === attemptVariable) throw attemptElsewhere();
    if (unknown !== undefined) throw undefinedVariable(unknown);
  });
}

function namesIn(layers: VariableLayers): string[] {
  return layerOrder.flatMap((layer) => Object.keys(layers[layer] ?? {})).map(variableName);
}

function referencesOf(text: string, kind: "sql" | "value"): string[] {
  if (kind === "sql") return referencesOfSql(text);
  return splitText(text).flatMap((piece) => (piece.kind === "reference" ? [piece.name] : []));
}

const sampleAt = instant(0);
/** Any run will do: whether values resolve does not depend on it. */
const sampleRun: RunFacts = {
  scheduledAt: sampleAt,
  interval: dataInterval(sampleAt, sampleAt),
  workflow: "w".repeat(63),
  instanceId: "0".repeat(32),
};

function errorOf(body: () => void): GatewayError | null {
  try {
    body();
    return null;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** `known`: names of the same layer before it; this one is added. */
function checkName(name: string, known: Set<string>): void {
  if (known.has(name)) {
    throw new GatewayError("WF-VARIABLE", `variable "${name}" is given two values`);
  }
  known.add(name);
  if (name === attemptVariable || factVariables.some((fact) => fact === name)) {
    throw new GatewayError("WF-VARIABLE", `variable "${name}" cannot be given a value`, {
      detail: "It says what is true of a run.",
    });
  }
  if (name.trim() === "" || /[{}]/.test(name)) {
    throw new GatewayError("WF-VARIABLE", `"${name}" cannot be the name of a variable`, {
      hint: "Names are not empty and have no braces.",
    });
  }
}

function attemptElsewhere(): GatewayError {
  return new GatewayError("WF-VARIABLE", `variable "${attemptVariable}" is not known here`, {
    detail: "The number of the attempt is known only when a task runs.",
    hint: "Use it in the text of an EXECUTE task.",
  });
}

/** One walk through the layers; what was resolved once is kept. */
class Resolution {
  readonly #layers: readonly Variables[];
  readonly #run: RunFacts;
  readonly #zone: Zone;
  readonly #system: Variables;
  readonly #known = new Map<string, string>();
  /** What is being resolved, outermost first. */
  readonly #path: string[] = [];

  constructor(layers: VariableLayers, run: RunFacts, zone: Zone) {
    this.#layers = layerOrder.map((layer) =>
      Object.fromEntries(
        Object.entries(layers[layer] ?? {}).map(([name, value]) => [variableName(name), value]),
      ),
    );
    this.#run = run;
    this.#zone = zone;
    this.#system = systemVariables(run, zone);
  }

  /** The value of a name in the layers from `from` on. */
  resolve(name: string, from = 0): string {
    const at = this.#layers.findIndex((layer, k) => k >= from && Object.hasOwn(layer, name));
    const written = this.#layers[at]?.[name];
    if (written === undefined) return this.#systemValue(name);
    const key = `${at} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#path.includes(key)) throw circle([...this.#path, key]);
    this.#path.push(key);
    const value = this.#evaluate(name, parseValue(name, written), at);
    this.#path.pop();
    this.#known.set(key, value);
    return value;
  }

  #systemValue(name: string): string {
    if (name === attemptVariable) throw attemptElsewhere();
    const value = Object.hasOwn(this.#system, name) ? this.#system[name] : undefined;
    if (value === undefined) throw undefinedVariable(name);
    return value;
  }

  #evaluate(name: string, value: Value, layer: number): string {
    if (value.kind === "static") return value.text;
    if (value.kind === "date") return formatDateValue(value, this.#run.scheduledAt, this.#zone);
    let text = "";
    for (const piece of value.pieces) {
      if (piece.kind === "text") text += piece.text;
      else text += this.resolve(piece.name, piece.name === name ? layer + 1 : 0);
      if (text.length > longestValue) throw tooLong(name);
    }
    return text;
  }
}

function parseValue(name: string, written: string): Value {
  if (written.length > longestValue) throw tooLong(name);
  if (written.includes("\0")) {
    throw new GatewayError("WF-VARIABLE", `the value of variable "${name}" has a zero character`);
  }
  const pieces = splitText(written);
  if (pieces.some((piece) => piece.kind === "reference")) return { kind: "template", pieces };
  const date = parseDateValue(written);
  if (date !== null && isTooFar(date)) {
    throw new GatewayError("WF-VARIABLE", `variable "${name}" leads too far from the run`, {
      detail: `At most ${farthestYears} years are possible.`,
    });
  }
  return date ?? { kind: "static", text: written };
}

function tooLong(name: string): GatewayError {
  return new GatewayError("WF-VARIABLE", `the value of variable "${name}" is too long`, {
    detail: `At most ${longestValue} characters are possible.`,
  });
}

function circle(path: readonly string[]): GatewayError {
  const last = path.at(-1) ?? "";
  const names = path.slice(path.indexOf(last)).map((key) => key.slice(key.indexOf(" ") + 1));
  return new GatewayError("WF-VARIABLE", `variable "${names[0]}" is defined by itself`, {
    detail: `The circle is ${names.join(" -> ")}.`,
  });
}
