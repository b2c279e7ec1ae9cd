// SHOW QUEUES.

export interface ShowQueues {
  readonly kind: "show-queues";
}
