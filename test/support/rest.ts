// The least of the protocol that tests of other things need: a session, a statement, its first
// page.

/** One page of a result, or what was refused. */
export interface Page {
  readonly resultType?: string;
  readonly results?: { readonly data: readonly { readonly fields: readonly unknown[] }[] };
  readonly errors?: readonly string[];
}

/** Opens a session at a gateway and gives its handle. */
export async function openSession(url: string): Promise<string> {
  return String((await post(`${url}/v1/sessions`, {}))["sessionHandle"]);
}

/** Submits a statement; the function it gives fetches the first page, which may be held back. */
export async function submit(
  url: string,
  session: string,
  statement: string,
): Promise<() => Promise<Page>> {
  const base = `${url}/v1/sessions/${session}`;
  const { operationHandle } = await post(`${base}/statements`, { statement });
  return async () => {
    for (;;) {
      const answer = await fetch(`${base}/operations/${operationHandle}/result/0`);
      const page = (await answer.json()) as Page;
      if (page.resultType !== "NOT_READY") return page;
    }
  };
}

async function post(url: string, body: object): Promise<Record<string, string>> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return (await answer.json()) as Record<string, string>;
}
