import { accountIdOf } from "@weald/dev-env/identity";
import { findPerson } from "@weald/dev-env/people";
import { z } from "zod";

type Sent = { url: string; method: "GET" | "POST"; form?: Record<string, string> };

const Said = z.object({
  error: z.object({ data: z.object({ weald: z.object({ code: z.string() }).optional() }) }).optional(),
});
const MOST_STEPS = 20;
const hidden = (html: string) =>
  Object.fromEntries(
    [...html.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );

export function accountOf(key: string): string {
  const found = findPerson(key);
  if (!found) throw new Error(`nobody is called ${key}`);
  return accountIdOf(found.person, found.contract);
}

/** Follows redirects and forms as a browser does, with a cookie jar; stops where a test wants to look. */
export class Browser {
  readonly jar = new Map<string, string>();

  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, { ...init, redirect: "manual", headers: { ...init.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const at = pair.indexOf("=");
    const isGone = attributes.some((one) => /^ *max-age=0$/i.test(one)) || at === pair.length - 1;
    if (isGone) this.jar.delete(pair.slice(0, at));
    else this.jar.set(pair.slice(0, at), pair.slice(at + 1));
  }

  #form({ url, method, form }: Sent): Promise<Response> {
    if (method === "GET") return this.send(url);
    const headers = { "content-type": "application/x-www-form-urlencoded", origin: new URL(url).origin };
    return this.send(url, { method, headers, body: new URLSearchParams(form) });
  }

  /** Goes on from an answer until `until` says stop, or it is a page. Forms of the provider are sent as its pages do. */
  async follow(
    first: Sent,
    { account, until = () => false }: { account?: string; until?: (url: string) => boolean } = {},
  ): Promise<{ url: string; answer: Response | undefined; text: string }> {
    let next = first;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if (until(next.url)) return { url: next.url, answer: undefined, text: "" };
      const answer = await this.#form(next);
      const location = answer.headers.get("location");
      if (location) {
        next = { url: new URL(location, next.url).toString(), method: "GET" };
        continue;
      }
      const text = await answer.text();
      if (account && /\/interaction\//.test(next.url)) {
        next = { url: next.url, method: "POST", form: { account } };
        continue;
      }
      const action = /<form[^>]*method="post"[^>]*action="([^"]+)"/.exec(text)?.[1];
      if (!action || !/\/session\/end/.test(action)) return { url: next.url, answer, text };
      const url = new URL(action.replaceAll("&amp;", "&"), next.url).toString();
      next = { url, method: "POST", form: { ...hidden(text), logout: "yes" } };
    }
    throw new Error("it goes round in circles");
  }

  /** The address at the provider to which the portal sends whoever signs in. */
  async askForSignIn(portalUrl: string, to = "/worklist"): Promise<string> {
    const csrf = await (await this.send(`${portalUrl}/api/auth/csrf`)).json();
    const { csrfToken } = z.object({ csrfToken: z.string() }).parse(csrf);
    const answer = await this.send(`${portalUrl}/api/auth/signin/cis2`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", origin: portalUrl },
      body: new URLSearchParams({ csrfToken, callbackUrl: to, json: "true" }),
    });
    return z.object({ url: z.string() }).parse(await answer.json()).url;
  }

  /** The whole way; `callback` stops before the portal takes the code. */
  async signIn(portalUrl: string, who: string, { stopAtCallback = false } = {}) {
    const url = await this.askForSignIn(portalUrl);
    const isCallback = (at: string) => at.startsWith(`${portalUrl}/api/auth/callback/`);
    return this.follow(
      { url, method: "GET" },
      { account: accountOf(who), ...(stopAtCallback ? { until: isCallback } : {}) },
    );
  }

  /** The status of a procedure that any person in a session may call. */
  async ask(
    portalUrl: string,
    procedure = "organisation.list",
  ): Promise<{ status: number; code: string | undefined }> {
    const answer = await this.send(`${portalUrl}/api/trpc/${procedure}?input=%7B%7D`);
    const { error } = Said.parse(await answer.json());
    return { status: answer.status, code: error?.data.weald?.code };
  }
}
