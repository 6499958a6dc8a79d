/** One limit for everything that a request does: resolving, connecting, sending, reading. */
export interface Deadline {
  signal: AbortSignal;
  /** True when time ran out; false when the caller stopped it. */
  passed(): boolean;
  /** The same work, or a rejection as soon as the limit is reached. */
  bound<T>(work: Promise<T>): Promise<T>;
  clear(): void;
}

export function startDeadline(timeoutMs: number, stop: AbortSignal | undefined): Deadline {
  const time = new AbortController();
  const timer = setTimeout(() => time.abort(), timeoutMs);
  const signal = stop === undefined ? time.signal : AbortSignal.any([time.signal, stop]);
  const ended = Promise.withResolvers<never>();
  // Nobody may be waiting for it any more when it comes.
  ended.promise.catch(() => undefined);
  const end = (): void => ended.reject(new Error('The deadline passed.'));
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return {
    signal,
    passed: () => time.signal.aborted,
    bound: (work) => Promise.race([work, ended.promise]),
    clear: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    },
  };
}
