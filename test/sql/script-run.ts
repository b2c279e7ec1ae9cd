// One run of a golden script against a gateway of its own: each step is done and printed; the whole
// text is the result.

import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type TestGateway, testGateway } from "../support/gateway.ts";
import { Normaliser } from "./normalise.ts";
import { AnswerError, RestClient, type StatementAnswer } from "./rest-client.ts";
import { prints, printedLines, readScript, type Step } from "./script.ts";
import { EndedRuns, settle } from "./settle.ts";
import { printAnswer } from "./tableau.ts";

/** Where the virtual clock stands when a script begins. */
export const scriptStart = "2026-01-15 12:00:00Z";

/** Runs the script and gives the text that it should be equal to. */
export async function runScript(text: string): Promise<string> {
  const database = await testDatabase();
  const run = new ScriptRun(database);
  try {
    await database.setClock(scriptStart);
    await run.start();
    for (const step of readScript(text)) await run.step(step);
    return `${run.lines.join("\n")}\n`;
  } finally {
    await run.close();
    await database.close();
  }
}

class ScriptRun {
  readonly lines: string[] = [];
  readonly #database: TestDatabase;
  readonly #normaliser: Normaliser;
  readonly #ended: EndedRuns;
  readonly #gateways: TestGateway[] = [];
  readonly #client = new RestClient("");
  #session = "default";
  #sorted = false;
  /** Gateways that crashed: their leases run out when the clock moves. */
  #dead: readonly string[] = [];

  constructor(database: TestDatabase) {
    this.#database = database;
    this.#normaliser = new Normaliser(database.name);
    this.#ended = new EndedRuns(database);
  }

  async start(): Promise<void> {
    const gateway = await testGateway({ database: this.#database });
    this.#gateways.push(gateway);
    this.#client.moveTo(gateway.url);
  }

  async close(): Promise<void> {
    for (const gateway of this.#gateways) await gateway.close();
  }

  async step(step: Step): Promise<void> {
    if (step.kind === "text") {
      this.lines.push(step.line);
      return;
    }
    this.lines.push(...(step.kind === "statement" ? step.lines : [step.line]));
    const printed =
      step.kind === "statement" ? await this.#execute(step.text) : await this.#direct(step);
    if (!prints(step)) return;
    this.lines.push(...printedLines(printed.text), printed.verdict);
  }

  async #execute(statement: string): Promise<Printed> {
    const sorted = this.#sorted;
    this.#sorted = false;
    try {
      const text = this.#normaliser.restore(statement);
      const answer = await this.#client.execute(this.#session, text);
      const notices = answer.notices.map((notice) => this.#normaliser.text(notice));
      const printed = [printAnswer(this.#normalised(answer), sorted), ...notices];
      return { text: printed.join("\n"), verdict: "!ok" };
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      const { code = "", sqlstate = "" } = error.details ?? {};
      return {
        text: this.#normaliser.text(error.printed),
        verdict: `!error ${code} ${sqlstate}`.trimEnd(),
      };
    }
  }

  async #direct(step: Extract<Step, { kind: "directive" }>): Promise<Printed> {
    switch (step.name) {
      case "sort":
        this.#sorted = true;
        break;
      case "session":
        this.#session = step.argument;
        break;
      case "clock":
        await settle(this.#database, step.argument, this.#dead);
        return { text: this.#normaliser.text(await this.#ended.print()), verdict: "!ok" };
      case "crash":
        this.#dead = await this.#gatewayIds();
        await this.#gateways.at(-1)?.crash();
        await this.start();
        return { text: "another gateway has started", verdict: "!ok" };
      case "only":
        throw new Error(`there is no capability ${step.argument}`);
    }
    return { text: "", verdict: "!ok" };
  }

  async #gatewayIds(): Promise<string[]> {
    const rows = await this.#database.query<{ id: string }>(
      "SELECT gateway_id AS id FROM sluice_private.gateways",
    );
    return rows.map(({ id }) => id);
  }

  #normalised(answer: StatementAnswer): StatementAnswer {
    const names = answer.columns.map(({ name }) => name);
    return {
      ...answer,
      columns: answer.columns.map((one) => ({ ...one, name: this.#normaliser.text(one.name) })),
      rows: answer.rows.map((row) =>
        row.map((value, index) => this.#normaliser.value(value, names[index] ?? "")),
      ),
    };
  }
}

interface Printed {
  readonly text: string;
  readonly verdict: string;
}
