// A client of the gateway for benches: as lean as one in the same process can be.

import { type Agent, request } from "node:http";

/** What benches look at in a page of a result. */
export interface Page {
  readonly results?: { readonly data: readonly { readonly fields: readonly unknown[] }[] };
  readonly nextResultUri?: string;
}

/** One session; the gateway is what is measured, not this. */
export class RestClient {
  readonly #url: URL;
  readonly #agent: Agent;
  readonly #session: string;

  constructor(url: URL, agent: Agent, session: string) {
    this.#url = url;
    this.#agent = agent;
    this.#session = session;
  }

  static async open(url: string, agent: Agent): Promise<RestClient> {
    const parsed = new URL(url);
    const text = await send(parsed, agent, "POST /v2/sessions", "{}");
    const { sessionHandle } = JSON.parse(text) as { sessionHandle: string };
    return new RestClient(parsed, agent, `/v2/sessions/${sessionHandle}`);
  }

  /** From submit to the end of the result. */
  async statement(statement: string, onPage: (page: Page) => void = () => undefined) {
    const handle = await this.submit(statement);
    for await (const page of this.pages(handle)) if (page.results !== undefined) onPage(page);
  }

  /** The handle of the operation. */
  async submit(statement: string): Promise<string> {
    const body = JSON.stringify({ statement });
    const text = await send(this.#url, this.#agent, `POST ${this.#session}/statements`, body);
    return (JSON.parse(text) as { operationHandle: string }).operationHandle;
  }

  /** Every answer from token 0 on, NOT_READY included. */
  async *pages(handle: string): AsyncGenerator<Page> {
    let path: string | undefined = `${this.#session}/operations/${handle}/result/0`;
    while (path !== undefined) {
      const page = JSON.parse(await send(this.#url, this.#agent, `GET ${path}`, null)) as Page;
      yield page;
      path = page.nextResultUri;
    }
  }

  /** Resolves with the status that the operation has then. */
  async cancel(handle: string): Promise<string> {
    const path = `${this.#session}/operations/${handle}/cancel`;
    const text = await send(this.#url, this.#agent, `POST ${path}`, "{}");
    return (JSON.parse(text) as { status: string }).status;
  }
}

/** `target` is method, blank, path. */
function send(url: URL, agent: Agent, target: string, body: string | null): Promise<string> {
  const [method = "", path = ""] = target.split(" ", 2);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname: url.hostname, port: url.port, agent, method, path },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(text));
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body ?? undefined);
  });
}
