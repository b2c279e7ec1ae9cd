// Options of the gateway as Flink's documents call them, by the key that is ours: accepted in the
// environment, in the file and by programs, never in a session.

export const optionAliases: Readonly<Record<string, string>> = {
  "workflow.scheduler.type": "workflow-scheduler.type",
  "workflow.scheduler.quartz.instanceName": "application-name",
  "workflow.scheduler.quartz.threadCount": "refresh.max-connections",
};

/** A value under our own key counts before one under an alias. */
export function withoutAliases(values: Map<string, string>): Map<string, string> {
  for (const [alias, key] of Object.entries(optionAliases)) {
    const value = values.get(alias);
    if (value !== undefined && !values.has(key)) values.set(key, value);
    values.delete(alias);
  }
  return values;
}
