// Opaque handles: strings at run time, different types to the compiler, so that one cannot be
// passed where another is due. Our own ids are 32 lower-case hex digits; Flink's handles are UUIDs.

declare const idBrand: unique symbol;
type Id<Name extends string> = string & { readonly [idBrand]: Name };

export type SessionHandle = Id<"SessionHandle">;
export type OperationHandle = Id<"OperationHandle">;
export type TableId = Id<"TableId">;
export type WorkflowId = Id<"WorkflowId">;
export type InstanceId = Id<"InstanceId">;
export type TaskInstanceId = Id<"TaskInstanceId">;
export type RunId = Id<"RunId">;
export type GatewayId = Id<"GatewayId">;

/**
 * Names the type of an id that was just made or read from the database; the text is not checked.
 */
export function asId<T extends Id<string>>(text: string): T {
  return text as T;
}
