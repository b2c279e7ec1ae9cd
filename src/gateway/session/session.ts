// A session: what a handle stands for. It owns no connection; it remembers the properties (Flink's
// keys), the current database and the PostgreSQL settings that are replayed on whatever connection
// serves it. Invariant: every change goes through a method here, and each method tells the store
// port, so that a handle works after a restart and on any gateway of the same database. One
// gateway executes the statements of a session one after another.

import type { SessionHandle } from "../../common/ids.ts";
import { checkSessionOption, isTimeZone } from "../../common/session-options.ts";
import { isSecret } from "./secrets.ts";

/** What is durable of a session: the row of sluice_private.sessions. */
export interface SessionRecord {
  readonly handle: SessionHandle;
  /** Stored and otherwise unused: not a key. */
  readonly name: string | null;
  /** What the session says beyond the gateway's defaults. */
  readonly properties: ReadonlyMap<string, string>;
  /** The PostgreSQL schema that unqualified names mean first. */
  readonly database: string;
  /**
   * PostgreSQL settings to replay on a fresh connection, in order: name → value as
   * current_setting() gives it.
   */
  readonly settings: ReadonlyMap<string, string>;
}

/** What a session belongs to: the same for all sessions of a gateway. */
export interface SessionDefaults {
  /** Name of the connected PostgreSQL database: the only catalog. */
  readonly catalog: string;
  /** Schema a new session starts in. */
  readonly database: string;
  /** The gateway's configuration: what RESET goes back to. */
  readonly properties: ReadonlyMap<string, string>;
}

/** The key of the zone in which TIMESTAMP_LTZ values are shown. */
export const timeZoneKey = "table.local-time-zone";

/**
 * Is told of each change; writes it when it sees fit, before the operation that made it counts as
 * finished.
 */
export type SessionChanged = (session: Session) => void;

export class Session {
  readonly handle: SessionHandle;
  readonly name: string | null;
  readonly #defaults: SessionDefaults;
  readonly #changed: SessionChanged;
  #own: Map<string, string>;
  #settings: Map<string, string>;
  #database: string;
  #effective: ReadonlyMap<string, string> | null = null;

  constructor(record: SessionRecord, defaults: SessionDefaults, changed: SessionChanged) {
    this.handle = record.handle;
    this.name = record.name;
    this.#defaults = defaults;
    this.#changed = changed;
    this.#own = new Map(record.properties);
    this.#settings = new Map(record.settings);
    this.#database = record.database;
  }

  /** The current catalog: always the connected PostgreSQL database. */
  get catalog(): string {
    return this.#defaults.catalog;
  }

  /** The current database (PostgreSQL schema). */
  get database(): string {
    return this.#database;
  }

  /** USE: the caller has checked that the schema exists. An earlier SET search_path is over. */
  useDatabase(name: string): void {
    const hadPath = this.#settings.delete("search_path");
    if (this.#database === name && !hadPath) return;
    this.#database = name;
    this.#touch();
  }

  /**
   * The whole effective configuration, sorted by key: gateway's defaults, overlaid by the
   * session's. No secrets.
   */
  get properties(): ReadonlyMap<string, string> {
    this.#effective ??= new Map(
      [...new Map([...this.#defaults.properties, ...this.#own])]
        .filter(([key]) => !isSecret(key))
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
    );
    return this.#effective;
  }

  /** The effective value of one key; undefined if nobody set it. */
  property(key: string): string | undefined {
    return this.#own.get(key) ?? this.#defaults.properties.get(key);
  }

  /**
   * SET 'key' = 'value'. Throws GatewayError for an illegal value of a known key; then nothing has
   * changed. The time zone is one thing: setting Flink's key ends an earlier SET TIME ZONE.
   */
  setProperty(key: string, value: string): void {
    checkSessionOption(key, value);
    const hadZone = key === timeZoneKey && this.#settings.delete("timezone");
    if (this.#own.get(key) === value && !hadZone) return;
    this.#own.set(key, value);
    this.#touch();
  }

  /**
   * SET TIME ZONE took effect: the session's zone follows it, if it is a name that clients
   * understand. False if it is not; then it is remembered as a setting like any other.
   */
  adoptTimeZone(zone: string): boolean {
    if (!isTimeZone(zone)) return false;
    this.setProperty(timeZoneKey, zone);
    return true;
  }

  /** RESET 'key': back to the gateway's value, whatever the session was opened with. */
  resetProperty(key: string): void {
    if (this.#own.delete(key)) this.#touch();
  }

  /**
   * RESET: all keys back to the gateway's configuration. Objects, current database and SQL
   * settings stay.
   */
  resetProperties(): void {
    if (this.#own.size === 0) return;
    this.#own.clear();
    this.#touch();
  }

  /** PostgreSQL settings to replay, in the order they were made: name → value. */
  get settings(): ReadonlyMap<string, string> {
    return this.#settings;
  }

  /** A SET of PostgreSQL's that took effect, `value` as current_setting() gives it. */
  rememberSetting(name: string, value: string): void {
    if (this.#settings.get(name) === value) return;
    this.#settings.delete(name);
    this.#settings.set(name, value);
    this.#touch();
  }

  /** RESET name. */
  forgetSetting(name: string): void {
    if (this.#settings.delete(name)) this.#touch();
  }

  /** RESET ALL, DISCARD ALL. */
  forgetSettings(): void {
    if (this.#settings.size === 0) return;
    this.#settings.clear();
    this.#touch();
  }

  /** Another gateway changed it: everything as it is stored now. Not reported as a change. */
  adopt(record: SessionRecord): void {
    this.#own = new Map(record.properties);
    this.#settings = new Map(record.settings);
    this.#database = record.database;
    this.#effective = null;
  }

  /** What is to be stored of it now. */
  record(): SessionRecord {
    return {
      handle: this.handle,
      name: this.name,
      properties: new Map([...this.#own].filter(([key]) => !isSecret(key))),
      database: this.#database,
      settings: new Map(this.#settings),
    };
  }

  #touch(): void {
    this.#effective = null;
    this.#changed(this);
  }
}
