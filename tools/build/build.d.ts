/** Builds dist/ unless it is what the sources say. */
export function ensureBuilt(): Promise<void>;
