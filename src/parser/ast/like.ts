// The tails of SHOW statements: `[NOT] LIKE 'p'` and where to look.

export interface LikeFilter {
  readonly not: boolean;
  /** True for ILIKE. */
  readonly ignoreCase: boolean;
  /** `%` and `_` as in SQL. */
  readonly pattern: string;
}
