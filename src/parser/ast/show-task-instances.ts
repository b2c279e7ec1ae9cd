// SHOW TASK INSTANCES FROM INSTANCE '<id>'.

export interface ShowTaskInstances {
  readonly kind: "show-task-instances";
  readonly instance: string;
}
