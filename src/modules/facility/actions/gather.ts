import { AppError } from '../../../core/index.ts';

interface Waiting<I, O> {
  item: I;
  resolve(answer: O): void;
  reject(error: unknown): void;
}

const MOST_AT_ONCE = 100;

/**
 * Runs one after another what would wait for each other anyway, and what has come meanwhile together: under load a run
 * costs little more than one of its items. What fails together is tried alone, so that one bad item harms no other.
 */
export function gather<I, O>(run: (items: readonly I[]) => Promise<readonly O[]>): (item: I) => Promise<O> {
  const waiting: Waiting<I, O>[] = [];
  let running = false;
  const alone = async ({ item, resolve, reject }: Waiting<I, O>): Promise<void> => {
    await run([item]).then((answers) => resolve(answers[0] as O), reject);
  };
  const together = async (items: readonly Waiting<I, O>[]): Promise<void> => {
    await run(items.map(({ item }) => item)).then(
      (answers) => items.forEach(({ resolve }, index) => resolve(answers[index] as O)),
      async (error: unknown) => {
        if (error instanceof AppError) for (const { reject } of items) reject(error);
        else for (const one of items) await alone(one);
      },
    );
  };
  const work = async (): Promise<void> => {
    running = true;
    for (let items = waiting.splice(0, 1); items.length > 0; items = waiting.splice(0, MOST_AT_ONCE)) {
      if (items[0] !== undefined && items.length === 1) await alone(items[0]);
      else await together(items);
    }
    running = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!running) void work();
    });
}
