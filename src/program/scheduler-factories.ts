// Which scheduler a program gets: the option `workflow-scheduler.type` names the identifier of a
// factory. Sluice's own is `embedded`; `quartz`, as Flink's documents also call it, means the same.

import { GatewayError } from "../common/gateway-error.ts";
import { nearest } from "../common/nearest.ts";
import { EmbeddedWorkflowScheduler } from "./embedded-workflow-scheduler.ts";
import type { ProgramServices } from "./program-services.ts";
import type { WorkflowScheduler } from "./workflow-scheduler.ts";

export interface SchedulerFactoryContext {
  /** Options of the program, as given. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Makes the scheduler that Sluice brings, for factories that wrap it. */
  readonly embedded: () => EmbeddedWorkflowScheduler;
}

export interface WorkflowSchedulerFactory {
  factoryIdentifier(): string;
  /** Options that must be given; openSluice refuses without them. */
  requiredOptions(): ReadonlySet<string>;
  optionalOptions(): ReadonlySet<string>;
  createWorkflowScheduler(context: SchedulerFactoryContext): WorkflowScheduler;
}

export class EmbeddedWorkflowSchedulerFactory implements WorkflowSchedulerFactory {
  static readonly IDENTIFIER = "embedded";

  factoryIdentifier(): string {
    return EmbeddedWorkflowSchedulerFactory.IDENTIFIER;
  }

  requiredOptions(): ReadonlySet<string> {
    return new Set();
  }

  optionalOptions(): ReadonlySet<string> {
    return new Set();
  }

  createWorkflowScheduler({ embedded }: SchedulerFactoryContext): EmbeddedWorkflowScheduler {
    return embedded();
  }
}

/** Flink's key, and the one of the document that programs were written from. */
export const schedulerTypeKeys = ["workflow-scheduler.type", "workflow.scheduler.type"] as const;

/**
 * The scheduler that the configuration names. Throws GW-CONFIG for an identifier that no factory
 * has, one that two have, and for a required option that is missing.
 */
export function createWorkflowScheduler(
  configuration: Readonly<Record<string, string>>,
  factories: readonly WorkflowSchedulerFactory[],
  services: ProgramServices,
): WorkflowScheduler {
  const factory = findFactory(typeOf(configuration), [
    new EmbeddedWorkflowSchedulerFactory(),
    ...factories,
  ]);
  const missing = [...factory.requiredOptions()].filter((key) => !(key in configuration));
  if (missing.length > 0) {
    throw new GatewayError(
      "GW-CONFIG",
      `scheduler "${factory.factoryIdentifier()}" needs the option ${missing.join(", ")}`,
    );
  }
  const embedded = () => new EmbeddedWorkflowScheduler(services);
  return factory.createWorkflowScheduler({ configuration, embedded });
}

function typeOf(configuration: Readonly<Record<string, string>>): string {
  const [first, second] = schedulerTypeKeys.map((key) => configuration[key]);
  const type = first ?? second ?? EmbeddedWorkflowSchedulerFactory.IDENTIFIER;
  return type === "quartz" ? EmbeddedWorkflowSchedulerFactory.IDENTIFIER : type;
}

function findFactory(
  type: string,
  factories: readonly WorkflowSchedulerFactory[],
): WorkflowSchedulerFactory {
  const [found, another] = factories.filter((one) => one.factoryIdentifier() === type);
  const known = factories.map((one) => one.factoryIdentifier());
  if (found === undefined) {
    const near = nearest(type, known);
    throw new GatewayError("GW-CONFIG", `there is no workflow scheduler "${type}"`, {
      detail: `Known are ${known.join(", ")}.`,
      hint: near === null ? undefined : `Perhaps you mean ${near}.`,
    });
  }
  if (another === undefined) return found;
  throw new GatewayError("GW-CONFIG", `two factories are called "${type}"`);
}
