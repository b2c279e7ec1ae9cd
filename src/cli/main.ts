// The `sluice` command. Each subcommand is loaded when it is asked for, so that the quick ones stay
// quick.

import { Command } from "commander";
import { GatewayError } from "../common/gateway-error.ts";
import { packageVersion } from "../common/package-root.ts";
import { gatewayOptions } from "../config.ts";

/** Flags by key, as typed. */
export type Flags = Readonly<Record<string, string>>;

/** Runs a command line without the program's name and gives the exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command("sluice").description("Materialized tables that stay fresh.");
  const add = (name: string, description: string, run: (flags: Flags) => Promise<number>) => {
    const command = program.command(name).description(description);
    for (const option of gatewayOptions) {
      const value = option.kind === "boolean" ? "[value]" : "<value>";
      command.option(`--${option.key} ${value}`, option.meaning);
    }
    command.option("--config <file>", "File of options instead of ./sluice.yaml.");
    command.action(async (given: Record<string, string | true>) => {
      code = await run(asTyped(given));
    });
  };
  add("start", "Start a gateway.", async (flags) => (await import("./start.ts")).start(flags));
  add("stop", "Stop the embedded PostgreSQL of a data directory.", async (flags) =>
    (await import("./stop.ts")).stop(flags),
  );
  add("doctor", "Check the database and say what is missing.", async (flags) =>
    (await import("./doctor.ts")).doctor(flags),
  );
  program
    .command("version")
    .description("Print the version.")
    .action(() => void process.stdout.write(`${packageVersion()}\n`));
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    process.stderr.write(describe(error));
    return 1;
  }
  return code;
}

/** The command parser makes names of its own (`data-dir` → `dataDir`); back to ours. */
function asTyped(given: Record<string, string | true>): Flags {
  const keys = new Map(
    [...gatewayOptions.map((one) => one.key), "config"].map((key) => [camel(key), key]),
  );
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [keys.get(name) ?? name, String(value)]),
  );
}

function camel(key: string): string {
  return key.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function describe(error: GatewayError): string {
  const lines = [`error: ${error.message} [${error.code}]`];
  if (error.detail !== undefined) lines.push(`detail: ${error.detail}`);
  if (error.hint !== undefined) lines.push(`hint: ${error.hint}`);
  return `${lines.join("\n")}\n`;
}
