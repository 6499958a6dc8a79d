import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { after, describe, it } from 'node:test';
import { type Prompt, terminalPrompt } from './prompt.ts';

function terminal(): { prompt: Prompt; type: (keys: string) => void; screen: () => string } {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const prompt = terminalPrompt({ input, output });
  assert.ok(prompt);
  after(() => prompt.close());
  return { prompt, type: (keys) => void input.write(keys), screen: () => shown };
}

describe('terminalPrompt', () => {
  it('is nobody without a terminal', () => {
    assert.equal(terminalPrompt({ input: new PassThrough(), output: new PassThrough() }), null);
  });

  it('shows what is typed, but no secret', async () => {
    const { prompt, type, screen } = terminal();
    const address = prompt.ask('Address');
    type('gitlab\r');
    assert.equal(await address, 'gitlab');
    const token = prompt.secret('Token');
    type('glpat-hidden\r');
    assert.equal(await token, 'glpat-hidden');
    assert.match(screen(), /Address.*gitlab/);
    assert.match(screen(), /Token/);
    assert.doesNotMatch(screen(), /glpat/);
  });

  for (const [name, key] of [
    ['Ctrl+C', '\u0003'],
    ['Ctrl+D', '\u0004'],
  ] as const) {
    it(`takes ${name} for the wish to stop, also at a secret`, async () => {
      const asked = terminal();
      const answer = assert.rejects(asked.prompt.ask('Address'), { code: 'invalid', message: /nothing was done/ });
      asked.type(key);
      await answer;
      assert.match(asked.screen(), /\n$/, 'what comes next begins on a line of its own');
      const secret = terminal();
      const token = assert.rejects(secret.prompt.secret('Token'), { code: 'invalid' });
      secret.type(key);
      await token;
    });
  }
});
