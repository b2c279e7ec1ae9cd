// What feeds a column: columns of base relations, and what is done to each on the way. Either
// everything that feeds it is known, or it is a gap and nothing is claimed.

import { type LineageStep, lineageSteps } from "../catalog/lineage.ts";

/** A column of a relation that is no view. */
export interface ColumnSource {
  readonly schema: string;
  readonly name: string;
  readonly column: string;
  readonly transformation: LineageStep;
}

export interface Feed {
  /** By schema, name and column. */
  readonly sources: ReadonlyMap<string, ColumnSource>;
  /** Why it is not known, as a phrase; null: it is. */
  readonly gap: string | null;
}

/** A constant, or count(*): fed by no column. */
export const noFeed: Feed = { sources: new Map(), gap: null };

export function gapFeed(reason: string): Feed {
  return { sources: new Map(), gap: reason };
}

export function columnFeed(schema: string, name: string, column: string): Feed {
  const source: ColumnSource = { schema, name, column, transformation: "IDENTITY" };
  return { sources: new Map([[keyOf(source), source]]), gap: null };
}

/** All of them together. */
export function mergeFeeds(feeds: readonly Feed[]): Feed {
  const gap = feeds.find((feed) => feed.gap !== null);
  if (gap !== undefined) return gapFeed(gap.gap ?? "");
  const [only] = feeds;
  if (only !== undefined && feeds.length === 1) return only;
  const sources = new Map<string, ColumnSource>();
  for (const feed of feeds) {
    for (const [key, source] of feed.sources) {
      const known = sources.get(key);
      sources.set(key, known === undefined ? source : stronger(known, source));
    }
  }
  return { sources, gap: null };
}

/** The same after a step. */
export function stepped(feed: Feed, step: LineageStep): Feed {
  if (step === "IDENTITY" || feed.gap !== null) return feed;
  const sources = new Map<string, ColumnSource>();
  for (const [key, source] of feed.sources) {
    sources.set(key, stronger({ ...source, transformation: step }, source));
  }
  return { sources, gap: null };
}

function stronger(a: ColumnSource, b: ColumnSource): ColumnSource {
  const rank = (source: ColumnSource) => lineageSteps.indexOf(source.transformation);
  return rank(a) >= rank(b) ? a : b;
}

function keyOf({ schema, name, column }: ColumnSource): string {
  return JSON.stringify([schema, name, column]);
}
