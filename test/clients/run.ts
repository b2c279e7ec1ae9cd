// `npm run test:clients [-- name…]`: starts the product on a fresh database and runs each script
// through the real client it was written for. The printed text must equal the golden file beside
// the script; UPDATE=1 rewrites it.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Product, startProduct } from "../../tools/product/start-product.ts";
import { jdbcClassPath, missingPrograms, sqlClientHome } from "./client-programs.ts";

type Client = "jdbc" | "sql-client";

interface Outcome {
  readonly output: string;
  readonly status: number;
}

const folder = fileURLToPath(new URL(".", import.meta.url));
const clients = [
  { client: "jdbc", extension: ".jdbc", run: runJdbc },
  { client: "sql-client", extension: ".sql", run: runSqlClient },
] as const;
const wanted = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "sluice-clients-"));
const tally = { passed: 0, failed: 0 };

/** Runs the driver's program on one script. */
async function runJdbc(product: Product, script: string): Promise<Outcome> {
  const url = product.url.replace("http://", "jdbc:flink://");
  const program = join(folder, "jdbc/JdbcRun.java");
  const options = ["-Duser.timezone=UTC", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8"];
  return runJava([...options, "-cp", jdbcClassPath(), program, url, script]);
}

const openPackages = ["lang", "net", "io", "nio", "lang.reflect", "text", "time", "util"];

/**
 * Runs the SQL Client in gateway mode; it exits 0 even if statements fail, so its output decides.
 */
async function runSqlClient(product: Product, script: string): Promise<Outcome> {
  const home = sqlClientHome();
  const opens = [...openPackages, "util.concurrent"].map(
    (name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`,
  );
  const { output, status } = await runJava(
    [
      ...opens,
      "-Xmx256m",
      "-Duser.timezone=UTC",
      `-Dlog4j.configurationFile=file:${home}/conf/log4j.properties`,
      "-cp",
      `${home}/lib/*:${home}/opt/*`,
      "org.apache.flink.table.client.SqlClient",
      "gateway",
      "--endpoint",
      product.url.replace("http://", ""),
      "--history",
      join(work, "history"),
      "-f",
      script,
    ],
    { FLINK_CONF_DIR: `${home}/conf` },
  );
  const text = stableText(output);
  return { output: text, status: text.includes("[ERROR]") ? 1 : status };
}

/** The same text on every run: no colours, no terminal warnings, no job ids, no times. */
function stableText(output: string): string {
  const lines = output
    .replaceAll(/\u001b\[[0-9;]*m/g, "")
    .replaceAll(/\b[0-9a-f]{32}\b/g, "<job>")
    .replaceAll(/ \([0-9.]+ seconds\)/g, "")
    .split("\n")
    .filter((line) => !/org\.jline|Unable to create a system terminal|^Command history/.test(line));
  return lines.map((line) => line.trimEnd()).join("\n");
}

function runJava(args: readonly string[], environment: object = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn("java", args, {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", reject);
    child.once("close", (status) => {
      resolve({ output: Buffer.concat(chunks).toString("utf8"), status: status ?? 1 });
    });
  });
}

/** Compares with the golden file, or writes it. The client's own verdict counts either way. */
function judge(name: string, golden: string, outcome: Outcome): void {
  const expected = existsSync(golden) ? readFileSync(golden, "utf8") : "";
  if (process.env["UPDATE"] === "1") writeFileSync(golden, outcome.output);
  const same = process.env["UPDATE"] === "1" || expected === outcome.output;
  const ok = same && outcome.status === 0;
  tally[ok ? "passed" : "failed"] += 1;
  console.log(`${ok ? "ok     " : "FAILED "} ${name}`);
  if (outcome.status !== 0) console.log(`the client failed:\n${outcome.output}`);
  else if (!same) console.log(difference(expected, outcome.output));
}

/** Lines that differ, with their number; both texts are line by line the same script. */
function difference(expected: string, actual: string): string {
  const left = expected.split("\n");
  const right = actual.split("\n");
  const lines: string[] = [];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    if (left[at] === right[at]) continue;
    if (left[at] !== undefined) lines.push(`  ${at + 1} - ${left[at]}`);
    if (right[at] !== undefined) lines.push(`  ${at + 1} + ${right[at]}`);
  }
  return lines.slice(0, 60).join("\n");
}

/** Scripts of a client that the command line asks for; all if it names none. */
function scriptsOf(client: Client, extension: string): string[] {
  return readdirSync(join(folder, client))
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .filter((name) => wanted.length === 0 || wanted.includes(`${client}/${name}`))
    .sort();
}

async function runAll(product: Product): Promise<void> {
  for (const { client, extension, run } of clients) {
    const missing = missingPrograms(client);
    if (missing.length > 0) {
      console.log(`not run: ${client} (not on this machine: ${missing.join(", ")})`);
      continue;
    }
    for (const name of scriptsOf(client, extension)) {
      const script = join(folder, client, `${name}${extension}`);
      judge(`${client}/${name}`, join(folder, client, `${name}.out`), await run(product, script));
    }
  }
}

if (missingPrograms("jdbc").includes("java")) {
  console.log("Java is not on this machine: the real clients were not run.");
} else {
  const product = await startProduct({ dataDirectory: join(work, "data") });
  try {
    await runAll(product);
  } finally {
    await product.stop();
  }
}
rmSync(work, { recursive: true, force: true });
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;
