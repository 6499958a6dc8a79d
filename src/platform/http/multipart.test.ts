import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readMultipart } from './multipart.ts';

async function sent(form: FormData): Promise<{ type: string; body: Buffer }> {
  const request = new Request('http://x.test/', { method: 'POST', body: form });
  return { type: request.headers.get('content-type') ?? '', body: Buffer.from(await request.arrayBuffer()) };
}

describe('a form with files', () => {
  it('is read as a browser sends it', async () => {
    const form = new FormData();
    form.append('text', 'a\r\nb--');
    form.append('file', new Blob(['components: []\n']), 'c "1".yaml');
    form.append('none', new Blob([]), '');
    form.append('many', 'x');
    form.append('many', 'ü€');
    const { type, body } = await sent(form);
    assert.deepEqual(
      { ...readMultipart(type, body) },
      { text: 'a\r\nb--', file: 'components: []\n', none: '', many: ['x', 'ü€'] },
    );
  });

  it('gives back every text', async () => {
    const text = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed().replace(/\r\n|\r|\n/g, '\r\n'));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (texts) => {
        const form = new FormData();
        for (const [at, value] of texts.entries()) form.append(`f${at}`, new Blob([value]), 'f');
        const { type, body } = await sent(form);
        assert.deepEqual(Object.values(readMultipart(type, body)), texts);
      }),
      { numRuns: 50 },
    );
  });

  it('that is broken, hostile or no text is refused', () => {
    const type = 'multipart/form-data; boundary=b';
    const part = (name: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\nx\r\n`;
    for (const body of [
      '',
      '--b',
      '--b\r\n',
      part('a'),
      '--b\r\nx: y\r\n\r\nx\r\n--b--',
      part('a').repeat(51),
      `--b\r\n${'x'.repeat(5000)}\r\n\r\nx\r\n--b--`,
    ]) {
      assert.throws(() => readMultipart(type, Buffer.from(body)), { code: 'invalid' }, body.slice(0, 40));
    }
    assert.throws(() => readMultipart('multipart/form-data', Buffer.from(`${part('a')}--b--`)), { code: 'invalid' });
    const binary = Buffer.concat([
      Buffer.from('--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('\r\n--b--'),
    ]);
    assert.throws(() => readMultipart(type, binary), /no text in UTF-8/);
    const fields = readMultipart(type, Buffer.from(`${part('__proto__')}--b--`));
    assert.deepEqual(Object.keys(fields), ['__proto__']);
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
  });
});
