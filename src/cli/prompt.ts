import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { AppError } from '../core/index.ts';

/** Asks a person at a terminal. */
export interface Prompt {
  ask(question: string, standard?: string): Promise<string>;
  /** What is typed is not shown. */
  secret(question: string): Promise<string>;
  yes(question: string): Promise<boolean>;
  close(): void;
}

export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream & { isTTY?: boolean };
}

/** Null when nobody sits there. */
export function terminalPrompt(
  { input, output: screen }: Terminal = { input: process.stdin, output: process.stderr },
): Prompt | null {
  if (input.isTTY !== true || screen.isTTY !== true) return null;
  let hidden = false;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!hidden) screen.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output, terminal: true });
  const answerTo = (question: string): Promise<string> =>
    lines.question(question).catch((cause: unknown) => {
      screen.write('\n');
      return stopped(cause);
    });
  const ask = async (question: string, standard?: string): Promise<string> => {
    const answer = (await answerTo(`${question}${standard === undefined ? '' : ` [${standard}]`}: `)).trim();
    return answer === '' ? (standard ?? '') : answer;
  };
  return {
    ask,
    async secret(question) {
      screen.write(`${question}: `);
      hidden = true;
      try {
        return (await answerTo('')).trim();
      } finally {
        hidden = false;
        screen.write('\n');
      }
    },
    yes: async (question) => /^(y|yes|s|si|sì)$/i.test(await ask(`${question} (yes/no)`, 'no')),
    close: () => lines.close(),
  };
}

/** Ctrl+C and Ctrl+D end a question: that is an answer too, not a fault of ours. */
function stopped(cause: unknown): never {
  throw new AppError('invalid', 'Stopped: nothing was done.', { cause });
}
