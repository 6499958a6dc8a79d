/** What a browser does beyond fetching: it keeps cookies by host and port, and follows redirects from one to another. */
export class CookieBrowser {
  readonly #jars = new Map<string, Map<string, string>>();
  /** Addresses it was at, newest last. */
  readonly visited: string[] = [];

  /** Where it is, and the page there. */
  url = '';
  body = '';

  jar(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    return jar;
  }

  /** One request, no redirect. */
  async once(url: string, init: RequestInit = {}): Promise<Response> {
    const jar = this.jar(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string> | undefined), cookie };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    this.visited.push(url);
    return answer;
  }

  /** Follows redirects; stops before the first address that `stopAt` fits. */
  async go(url: string, init: RequestInit = {}, stopAt?: RegExp): Promise<Response> {
    let answer = await this.once(url, init);
    this.url = url;
    for (let hops = 0; hops < 20; hops += 1) {
      const location = answer.headers.get('location');
      if (location === null || answer.status < 300 || answer.status > 399) break;
      this.url = new URL(location, this.url).href;
      if (stopAt?.test(this.url)) return answer;
      answer = await this.once(this.url);
    }
    this.body = await answer.text();
    return answer;
  }

  /** Sends the first form of the page it is at, with what is typed into it. */
  async submit(fields: Readonly<Record<string, string>> = {}, stopAt?: RegExp): Promise<Response> {
    const action = /<form[^>]* action="([^"]+)"/.exec(this.body)?.[1];
    if (action === undefined) throw new Error(`No form at ${this.url}: ${this.body.slice(0, 300)}`);
    const typed: Record<string, string> = {};
    for (const [, name = '', value = ''] of this.body.matchAll(
      /<input type="hidden" name="([^"]+)" value="([^"]*)"/g,
    )) {
      typed[name] = value;
    }
    Object.assign(typed, fields);
    const init = { method: 'POST', body: new URLSearchParams(typed), headers: { 'sec-fetch-site': 'same-origin' } };
    return await this.go(new URL(action, this.url).href, init, stopAt);
  }
}
