import { fill, type Route } from './routes.ts';

export interface Asked {
  path: string;
  language: 'en' | 'it';
  status: number;
  type: string;
  headers: Headers;
  body: string;
}

const VARIANTS = ['', '?format=csv', '?format=csv&view=changes', '?view=history', '?level=major_outage'];

/** Every address of every GET route, for these components, with everything a query can ask for. */
export function addresses(
  routes: readonly Route[],
  keys: readonly string[],
  queries: readonly string[] = [],
): string[] {
  const found = new Set<string>();
  for (const { method, path } of routes) {
    if (method !== 'GET' || path === '/api/stream') continue;
    const isPlain = /^\/(assets|livez|readyz|metrics|design|api\/(docs|openapi))/.test(path);
    for (const key of path.includes(':area') ? keys : ['none/none']) {
      for (const filled of fillFor(path, key)) {
        for (const variant of isPlain ? [''] : [...VARIANTS, ...queries]) found.add(filled + variant);
      }
    }
  }
  return [...found];
}

function fillFor(path: string, key: string): string[] {
  const [area = '', name = ''] = key.split('/');
  const endings = path.includes(':file') ? ['.svg', '.json'] : [''];
  return endings.map((ending) => fill(path, { area, name, file: name + ending }));
}

/** Asks all of these addresses in each language; the headers say who asks. */
export async function askAll(
  url: string,
  paths: readonly string[],
  options: { headers?: Readonly<Record<string, string>>; languages?: readonly Asked['language'][] } = {},
): Promise<Asked[]> {
  const { headers: own = {}, languages = ['en', 'it'] } = options;
  const wanted = languages.flatMap((language, at) =>
    // Programs are answered in one language.
    paths.filter((path) => at === 0 || !/^\/(api|assets|metrics)/.test(path)).map((path) => ({ path, language })),
  );
  const answers: Asked[] = [];
  // A few at a time: the server is to be asked, not flooded.
  for (let at = 0; at < wanted.length; at += 20) {
    const batch = wanted.slice(at, at + 20).map(async ({ path, language }) => {
      const headers = { 'accept-language': language, ...own };
      const answer = await fetch(url + path, { headers, redirect: 'manual' });
      const { status } = answer;
      const type = answer.headers.get('content-type') ?? '';
      return { path, language, status, type, headers: answer.headers, body: await answer.text() };
    });
    answers.push(...(await Promise.all(batch)));
  }
  return answers;
}

/** Where a text stands, for messages of failed assertions. */
export function placesOf(text: string, answers: readonly Asked[]): string[] {
  return answers
    .filter(({ body, headers }) => body.includes(text) || [...headers.values()].some((value) => value.includes(text)))
    .map(({ path, language }) => `${path} (${language})`);
}

/** What a live page is told: everything since the beginning, then what comes while it is open. */
export async function openStream(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ told(): string; close(): Promise<void> }> {
  const abort = new AbortController();
  const answer = await fetch(`${url}/api/stream`, { headers, signal: abort.signal });
  let text = '';
  const reading = (async () => {
    try {
      for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString();
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  })();
  return {
    told: () => text,
    close: async () => {
      abort.abort();
      await reading;
    },
  };
}
