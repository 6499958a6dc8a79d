import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks a person at a terminal. */
export interface Prompt {
  ask(question: string, standard?: string): Promise<string>;
  /** What is typed is not shown. */
  secret(question: string): Promise<string>;
  yes(question: string): Promise<boolean>;
  close(): void;
}

/** Null when nobody sits there. */
export function terminalPrompt(): Prompt | null {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  let hidden = false;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!hidden) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const ask = async (question: string, standard?: string): Promise<string> => {
    const answer = (await lines.question(`${question}${standard === undefined ? '' : ` [${standard}]`}: `)).trim();
    return answer === '' ? (standard ?? '') : answer;
  };
  return {
    ask,
    async secret(question) {
      process.stderr.write(`${question}: `);
      hidden = true;
      try {
        return (await lines.question('')).trim();
      } finally {
        hidden = false;
        process.stderr.write('\n');
      }
    },
    yes: async (question) => /^(y|yes|s|si|sì)$/i.test(await ask(`${question} (yes/no)`, 'no')),
    close: () => lines.close(),
  };
}
