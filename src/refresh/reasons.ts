// The closed list of reasons that stand in ledger, runs and task details: UPPER_SNAKE, with one
// sentence each. docs/reference/errors.md prints it. A reason never changes its meaning.

export const reasons = {
  QUERY_CHANGED: "The query of the table was altered after the rows were computed.",
  REBUILT: "The stored table was made anew.",
  GAP: "The schedule passed over the cell while nothing ran.",
  UPSTREAM_FAILED: "A table that the query reads could not be refreshed.",
  UPSTREAM_TIMEOUT:
    "A table that the query reads was still being refreshed when 'upstream.wait.timeout' had passed.",
  CONDITION: "The query of 'refresh.condition' did not yield true.",
  UPSTREAM_CHANGED: "A table that the query reads was refreshed after the rows were computed.",
  SUSPENDED: "The table was suspended before the run began.",
  SUPERSEDED: "The definition changed after an earlier attempt of the run, or while it ran.",
  TABLE_DROPPED: "The table does not exist any more.",
  STORAGE_MISSING: "The stored table was dropped from outside.",
  FROZEN: "The partition is older than 'freeze.after' allows.",
  NO_CELLS: "The slot has no partition that is in the ledger.",
  SWAP_STARVED:
    "The table could not be swapped because of long readers; changes were applied instead.",
} as const satisfies Record<string, string>;

export type Reason = keyof typeof reasons;
