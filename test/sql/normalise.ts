// What differs from run to run, numbered by first appearance: ids by the column they first stood in
// (`<job 1>`, `<run 3>`), elsewhere `<id 2>`; moments of the machine's own clock are `<time>`. The
// virtual clock's moments stay.

const kinds: Readonly<Record<string, string>> = {
  "job id": "job",
  instance_id: "job",
  "instance id": "job",
  backfill_id: "backfill",
  "backfill id": "backfill",
  "last run": "run",
  last_run_id: "run",
  run_id: "run",
  task_instance_id: "task",
};

const catalogWord = "test_catalog";
const hex32 = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export class Normaliser {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #catalog: string;

  /** `catalog`: name of this run's database, which scripts call `test_catalog`. */
  constructor(catalog: string) {
    this.#catalog = catalog;
  }

  /** A value of a result, by the column it stands in. */
  value(value: unknown, column: string): unknown {
    const kind = kinds[column];
    if (typeof value === "string" && kind !== undefined && /^[0-9a-f]{32}$/.test(value)) {
      return this.#name(value, kind);
    }
    return typeof value === "string" ? this.text(value) : value;
  }

  text(text: string): string {
    return text
      .replaceAll(this.#catalog, catalogWord)
      .replaceAll(hex32, (id) => this.#name(id, "id"))
      .replaceAll(uuid, (id) => this.#name(id, "uuid"))
      .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?/g, (moment) =>
        this.#isNow(moment) ? "<time>" : moment,
      );
  }

  /**
   * `<job 1>` in a statement → the id that was shown by that name; `test_catalog` → the database.
   */
  restore(statement: string): string {
    return statement
      .replaceAll(catalogWord, this.#catalog)
      .replaceAll(/<(?:job|run|task|backfill|id|uuid) \d+>/g, (name) => {
        const found = [...this.#names].find(([, given]) => given === name);
        if (found === undefined) throw new Error(`nothing was shown as ${name}`);
        return found[0];
      });
  }

  #isNow(moment: string): boolean {
    const at = Date.parse(`${moment.replace(" ", "T")}Z`);
    return Math.abs(at - Date.now()) < 36 * 3_600_000;
  }

  #name(id: string, kind: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = `<${kind} ${count}>`;
    this.#names.set(id, name);
    return name;
  }
}
