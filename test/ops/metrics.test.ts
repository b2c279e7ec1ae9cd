// The list of metrics in docs/operations.md is what /metrics shows, with kinds and labels; the
// rules of docs/alerts.yml use no metric or label that is not there.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type TestGateway, testGateway } from "../support/gateway.ts";
import { RestClient } from "../sql/rest-client.ts";
import { settle } from "../sql/settle.ts";

interface Metric {
  readonly kind: string;
  readonly labels: readonly string[];
}

const documentation = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
let gateway: TestGateway;
let text: string;

beforeAll(async () => {
  gateway = await testGateway();
  const client = new RestClient(gateway.url);
  await client.execute(
    "s",
    "CREATE MATERIALIZED TABLE seen FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS one",
  );
  await settle(gateway.database, "");
  text = await (await fetch(`${gateway.url}/metrics`)).text();
});
afterAll(() => gateway.close());

/** Our metrics by name, from the text of the scrape. */
function exposed(): Map<string, Metric> {
  const metrics = new Map<string, Metric>();
  for (const [, name = "", kind = ""] of text.matchAll(/^# TYPE (sluice_\S+) (\S+)$/gm)) {
    const lines = text.matchAll(new RegExp(`^${name}(?:_count)?\\{([^}]*)\\}`, "gm"));
    const labels = new Set([...lines].flatMap(([, list = ""]) => [...labelsIn(list).keys()]));
    metrics.set(name, { kind, labels: [...labels].sort() });
  }
  return metrics;
}

/** Labels of `a="b",c=~"d"` with their values. */
function labelsIn(list: string): Map<string, string> {
  return new Map(
    [...list.matchAll(/(\w+)=~?"([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

function documented(): Map<string, Metric> {
  const rows = documentation.matchAll(/^\| `(sluice_\w+)` \| (\w+) \|([^|]*)\|/gm);
  return new Map(
    [...rows].map(([, name = "", kind = "", labels = ""]) => [
      name,
      { kind, labels: [...labels.matchAll(/\w+/g)].map(String).sort() },
    ]),
  );
}

/** Series of these have appeared after one refresh; others show their labels later. */
const silent = ["sluice_notifications_total", "sluice_pruned_total"];

describe("metrics", () => {
  test("are the documented ones, with their kinds", () => {
    const kinds = (of: Map<string, Metric>) =>
      Object.fromEntries([...of].map(([name, { kind }]) => [name, kind]));
    expect(kinds(exposed())).toEqual(kinds(documented()));
  });

  test("have the documented labels", () => {
    const labels = (of: Map<string, Metric>) =>
      Object.fromEntries(
        [...of].flatMap(([name, metric]) => (silent.includes(name) ? [] : [[name, metric.labels]])),
      );
    expect(labels(exposed())).toEqual(labels(documented()));
  });

  test("of the shared state tell it", () => {
    expect(text.split("\n")).toEqual(
      expect.arrayContaining([
        "sluice_database_up 1",
        'sluice_tables{state="healthy"} 1',
        'sluice_tables{state="unhealthy"} 0',
        "sluice_tables_freshness_violated 0",
        'sluice_tasks{state="ready"} 0',
        "sluice_gateways_alive 1",
        "sluice_instances_open 0",
        "sluice_notifications_pending 0",
      ]),
    );
  });
});

describe("rules for alerts", () => {
  interface Rule {
    readonly alert: string;
    readonly expr: string;
    readonly labels: { readonly severity: string };
    readonly annotations: { readonly summary: string };
  }
  const file = readFileSync(new URL("../../docs/alerts.yml", import.meta.url), "utf8");
  const { groups } = parse(file) as { groups: { rules: Rule[] }[] };
  const rules = groups.flatMap((group) => group.rules);

  test("have different names, a severity and a summary", () => {
    expect(new Set(rules.map((rule) => rule.alert)).size).toBe(rules.length);
    expect(rules.length).toBeGreaterThan(10);
    for (const { labels, annotations } of rules) {
      expect(labels.severity).toMatch(/^(warning|critical)$/);
      expect(annotations.summary).toMatch(/[.?]$/);
    }
  });

  test("name metrics that there are, with labels that they have", () => {
    const metrics = documented();
    const used = rules.flatMap(({ expr }) => [...expr.matchAll(/(sluice_\w+)(?:\{([^}]*)\})?/g)]);
    expect(used.length).toBeGreaterThan(10);
    for (const [whole, name = "", list = ""] of used) {
      const metric = metrics.get(name) ?? metrics.get(name.replace(/_(count|bucket|sum)$/, ""));
      expect(metric, whole).toBeDefined();
      expect(metric?.labels, whole).toEqual(expect.arrayContaining([...labelsIn(list).keys()]));
    }
  });
});
