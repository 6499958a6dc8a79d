import assert from 'node:assert/strict';

export interface Heard {
  id: string;
  event: string;
  data: string;
}

/** A browser's end of `/api/stream`. */
export function listen(origin: string, options: { token?: string; after?: string } = {}) {
  const stop = new AbortController();
  const events = (async function* (): AsyncGenerator<Heard> {
    const headers: Record<string, string> = {};
    if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`;
    if (options.after !== undefined) headers['last-event-id'] = options.after;
    const answer = await fetch(`${origin}/api/stream`, { headers, signal: stop.signal });
    let rest = '';
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        if (field('event') !== '') yield { id: field('id'), event: field('event'), data: field('data') };
      }
    }
  })();
  return {
    async next(): Promise<Heard> {
      const result = await events.next();
      assert.ok(!result.done);
      return result.value;
    },
    stop: () => stop.abort(),
  };
}
