/** What `/api/stream` said, and when it arrived here. */
export interface StreamEvent {
  /** The journal's cursor: a page asked for with it is at least as new. */
  id: string;
  type: string;
  data: string;
  /** On the clock of `performance.now()`. */
  at: number;
}

export interface EventStream extends Disposable {
  /** The first event from now on that fits. */
  next(fits: (event: StreamEvent) => boolean): Promise<StreamEvent>;
}

/** Listens to a program's live updates as a browser does. */
export async function followStream(url: string): Promise<EventStream> {
  const stop = new AbortController();
  const answer = await fetch(`${url}/api/stream`, { signal: stop.signal });
  if (!answer.ok || !answer.body) throw new Error(`/api/stream answered ${answer.status}.`);
  const waiting = new Set<(event: StreamEvent) => void>();
  void listen(answer.body, (event) => {
    for (const each of [...waiting]) each(event);
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    next: (fits) =>
      new Promise((resolve) => {
        const look = (event: StreamEvent) => {
          if (!fits(event)) return;
          waiting.delete(look);
          resolve(event);
        };
        waiting.add(look);
      }),
    [Symbol.dispose]: () => stop.abort(),
  };
}

async function listen(body: ReadableStream<Uint8Array>, tell: (event: StreamEvent) => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      tell(parse(text.slice(0, end)));
      text = text.slice(end + 2);
    }
  }
}

function parse(block: string): StreamEvent {
  const value = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
  return { id: value('id'), type: value('event'), data: value('data'), at: performance.now() };
}
