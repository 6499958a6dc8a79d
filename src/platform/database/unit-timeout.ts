/** A unit that waited for something else than its tx. */
export class UnitTimeout extends Error {
  override readonly name = 'UnitTimeout';

  constructor(timeoutMs: number) {
    super(`A unit of db.write did not end within ${timeoutMs} ms and was undone: it may wait only for its tx.`);
  }
}

/** Ends the wait for work that hangs; the work itself cannot be ended. */
export async function withTimeout<R>(work: Promise<R>, timeoutMs: number): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new UnitTimeout(timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
