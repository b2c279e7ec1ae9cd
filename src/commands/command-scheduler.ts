// The scheduler as a command sees it: a run that is asked for has the trigger COMMAND and the id
// that the function has returned, so that who called it can follow the run.

import type { InstanceId } from "../common/ids.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";

/** The same scheduler but for `submit`; the id is given to the first run. */
export function commandScheduler(scheduler: Scheduler, id: InstanceId): Scheduler {
  let free = true;
  const submit: Scheduler["submit"] = (tx, instance) => {
    if (instance.trigger !== "MANUAL") return scheduler.submit(tx, instance);
    const named = free ? { instanceId: id } : {};
    free = false;
    return scheduler.submit(tx, { ...instance, trigger: "COMMAND", ...named });
  };
  return new Proxy(scheduler, {
    get(target, key) {
      if (key === "submit") return submit;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
