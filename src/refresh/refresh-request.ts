// Why a refresh happens and what it is about: a union, so that no field is ever meaningless.

import type { DataInterval } from "../common/time.ts";
import type { PartitionSpec } from "../catalog/partition.ts";

export type RefreshRequest =
  /** First load: everything the start mode includes; null means the whole table. */
  | { readonly kind: "initial"; readonly partitions: readonly PartitionSpec[] | null }
  /** A slot of the schedule (catch-up runs included). */
  | { readonly kind: "scheduled"; readonly interval: DataInterval }
  /** A user's REFRESH; no partitions means the whole table. */
  | {
      readonly kind: "manual";
      readonly partitions: readonly PartitionSpec[];
      readonly force: boolean;
    }
  /** Cells that were stale or missing; null: the whole table. */
  | { readonly kind: "repair"; readonly partitions: readonly PartitionSpec[] | null }
  /** One interval of a backfill. */
  | {
      readonly kind: "backfill";
      readonly interval: DataInterval;
      /** Of keys that are not time, and then the interval has no extent; null: it decides. */
      readonly partitions: readonly PartitionSpec[] | null;
      /** Frozen cells too. */
      readonly force: boolean;
      /** Without parallel workers. */
      readonly throttled: boolean;
    };
