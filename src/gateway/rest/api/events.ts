// GET /api/v1/events: a list, newest first; for a client that accepts text/event-stream a stream
// that goes on from Last-Event-ID (or `after`), every event once and in order.

import { createRoute, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { milliseconds, toIso } from "../../../common/time.ts";
import { sql } from "../../../common/sql.ts";
import { GatewayError } from "../../../common/gateway-error.ts";
import { errorResponses } from "./api-error.ts";
import type { AddRoute, ApiServices, StreamedEvent } from "./api-services.ts";
import { equalFilter, wordsFilter } from "./filters.ts";
import { loadPage } from "./page.ts";
import { viewSchema } from "./view.ts";
import { eventView } from "./views/event-view.ts";
import { instanceStatuses } from "./views/words.ts";

const filters = {
  kind: equalFilter("kind"),
  database: equalFilter("database"),
  workflow: equalFilter("workflow"),
  table: equalFilter("table_name"),
  instance: equalFilter("instance_id"),
  status: wordsFilter("status", [...instanceStatuses, "PAUSED", "ACTIVATED", "SUSPENDED"]),
};

const eventId = z.string().regex(/^\d{1,15}$/, { error: "expected the id of an event" });

const query = z.strictObject({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: eventId.optional().openapi({
    description: "Of a stream: the id to go on from; 0: from the oldest event that is kept.",
  }),
  kind: z.string().optional(),
  database: z.string().optional(),
  workflow: z.string().optional(),
  table: z.string().optional(),
  instance: z.string().optional(),
  status: filters.status.schema.optional(),
});

const page = z
  .object({ items: z.array(viewSchema(eventView)), next: z.string().nullable() })
  .openapi("EventList");

const route = createRoute({
  method: "get",
  path: "/api/v1/events",
  summary: "What changed: a list, or a stream of server-sent events",
  tags: ["monitoring"],
  request: {
    query,
    headers: z.object({ "last-event-id": z.string().optional() }),
  },
  responses: {
    200: {
      description: "A page, newest first; or a stream, oldest first, ids as in Last-Event-ID",
      content: {
        "application/json": { schema: page },
        "text/event-stream": { schema: z.string() },
      },
    },
    ...errorResponses(400),
  },
});

/** A proxy in between closes what is silent for long. */
const heartbeat = milliseconds(15_000);

export const addEvents: AddRoute = (api, services) => {
  api.openapi(route, async (c) => {
    const given = c.req.valid("query");
    if (c.req.header("accept")?.includes("text/event-stream") === true) {
      const after = startOf(c.req.header("last-event-id") ?? given.after ?? null);
      return streamSSE(c, async (stream) => {
        const ended = new AbortController();
        stream.onAbort(() => ended.abort());
        const stop = beat(services, ended.signal, () => void stream.write(": still there\n\n"));
        // What came first tells the client that it is connected.
        await stream.write("retry: 1000\n\n");
        try {
          for await (const batch of services.events.follow(after, ended.signal)) {
            const text = batch
              .filter((event) => passes(event, given))
              .map(written)
              .join("");
            await stream.write(text);
          }
        } catch (error) {
          // The client finds the stream ended, comes back, and goes on where it was.
          services.log.warn({ err: error }, "a stream of events was broken off");
        } finally {
          stop();
        }
      });
    }
    const { cursor, limit, after, ...rest } = given;
    const conditions = Object.entries(rest).flatMap(([name, value]) =>
      value === undefined ? [] : [filters[name as keyof typeof filters].where(value)],
    );
    if (after !== undefined) conditions.push(sql`r.event_id > ${after}::bigint`);
    const request = { cursor: cursor ?? null, limit, conditions };
    return c.json(await loadPage(services.database, eventView, request), 200);
  });
};

/** Null: from now on. */
function startOf(text: string | null): number | null {
  if (text === null || text === "") return null;
  if (eventId.safeParse(text).success) return Number(text);
  throw new GatewayError("GW-REQUEST", `Last-Event-ID "${text}" is not the id of an event`);
}

/** Calls `send` again and again until stopped. */
function beat({ clock }: ApiServices, signal: AbortSignal, send: () => void): () => void {
  const next = () => {
    if (signal.aborted) return;
    send();
    timer = clock.after(heartbeat, next);
  };
  let timer = clock.after(heartbeat, next);
  return () => timer.cancel();
}

type Given = z.output<typeof query>;

/** The filters of the list, on what the stream has. */
function passes(event: StreamedEvent, given: Given): boolean {
  const members = event as unknown as Readonly<Record<string, unknown>>;
  const equal = (value: string | undefined, member: string) =>
    value === undefined || members[member] === value;
  const statuses = given.status === undefined ? null : String(given.status).split(",");
  return (
    equal(given.kind, "kind") &&
    equal(given.database, "database") &&
    equal(given.workflow, "workflow") &&
    equal(given.table, "tableName") &&
    equal(given.instance, "instanceId") &&
    (statuses === null || statuses.includes(String(members["status"])))
  );
}

/** JSON has no line break of its own, so one line of data is enough. */
function written(event: StreamedEvent): string {
  const data = JSON.stringify({ ...event, at: toIso(event.at) });
  return `id: ${event.eventId}\nevent: ${event.kind}\ndata: ${data}\n\n`;
}
