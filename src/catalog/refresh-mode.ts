// How a table is kept fresh, as asked for and as resolved, and whether it is.

export const refreshModes = ["FULL", "CONTINUOUS"] as const;
/** The resolved mode. */
export type RefreshMode = (typeof refreshModes)[number];

/** What the user asked for; AUTOMATIC where no clause was given. */
export type RequestedMode = RefreshMode | "AUTOMATIC";

export const refreshStatuses = ["ACTIVATED", "SUSPENDED"] as const;
export type RefreshStatus = (typeof refreshStatuses)[number];
