// Statements are equal if they say the same, wherever it stands in their texts.

const places: ReadonlySet<string> = new Set(["position", "start", "shifts"]);

/** A copy of a statement without its positions. */
export function withoutPositions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPositions);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([key]) => !places.has(key));
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutPositions(field)]));
}
