import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeCertificate } from '../../../../test/support/certificate.ts';
import { loadConfig } from '../load-config.ts';
import type { Mistake } from './mistake.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-pem-'));
  makeCertificate(folder, 'first');
  makeCertificate(folder, 'second');
  writeFileSync(join(folder, 'prose.pem'), 'This is no certificate.\n');
  writeFileSync(
    join(folder, 'cut.pem'),
    readFileSync(join(folder, 'first.pem'), 'utf8').replace(/^(.{40}).{300}/s, '$1'),
  );
  const locked = ['pkey', '-in', join(folder, 'first.key'), '-aes256', '-passout', 'pass:hunter2'];
  execFileSync('openssl', [...locked, '-out', join(folder, 'locked.key')], { stdio: 'ignore' });
  mkdirSync(join(folder, 'folder.pem'));
});
after(() => rmSync(folder, { recursive: true }));

type Purpose = 'serve' | 'demo' | 'tool';

function mistakes(yaml: string, purpose: Purpose = 'serve'): Mistake[] {
  const file = join(folder, 'signalbox.yaml');
  writeFileSync(file, yaml);
  const env = { SIGNALBOX__HTTP__PUBLIC_URL: 'https://status.example.org' };
  const result = loadConfig({ file, env, sections: {}, folder, purpose });
  return result.ok ? [] : result.mistakes;
}

const tls = (certificate: string, key: string) =>
  `http:\n  tls:\n    certificate_file: ${certificate}\n    key_file: ${key}\n`;

describe('files that a configuration names', () => {
  it('are good when certificate and key belong together', () => {
    assert.deepEqual(mistakes(tls('first.pem', 'first.key')), []);
    assert.deepEqual(mistakes('smtp: { ca_file: first.pem }\negress: { ca_file: second.pem }\n'), []);
  });

  it('are missed when they are not there, each at its own key', () => {
    assert.deepEqual(mistakes(`${tls('none.pem', '/nowhere/none.key')}smtp: { ca_file: ca.pem }\n`), [
      {
        path: 'http.tls.certificate_file',
        line: 3,
        column: 5,
        value: '"none.pem"',
        problem: 'names a file that does not exist',
        remedy: `Create ${join(folder, 'none.pem')}, readable by the user Signalbox runs as.`,
      },
      {
        path: 'http.tls.key_file',
        line: 4,
        column: 5,
        value: '"/nowhere/none.key"',
        problem: 'names a file that does not exist',
        remedy: 'Create /nowhere/none.key, readable by the user Signalbox runs as.',
      },
      {
        path: 'smtp.ca_file',
        line: 5,
        column: 9,
        value: '"ca.pem"',
        problem: 'names a file that does not exist',
        remedy: `Create ${join(folder, 'ca.pem')}, readable by the user Signalbox runs as.`,
      },
    ]);
  });

  it('are missed beside every other mistake', () => {
    const found = mistakes('egress: { ca_file: none.pem, allow_http: perhaps }\nlog: { level: inof }\n');
    assert.deepEqual(
      found.map(({ path }) => path),
      ['egress.ca_file', 'egress.allow_http', 'log.level'],
    );
  });

  it('may be no folders', () => {
    assert.match(mistakes('smtp: { ca_file: folder.pem }\n')[0]?.problem ?? '', /names a folder/);
  });

  it('must hold what belongs into them', () => {
    const problem = (yaml: string) => mistakes(yaml).map((mistake) => `${mistake.path} ${mistake.problem}`);
    assert.deepEqual(problem(tls('prose.pem', 'first.key')), [
      'http.tls.certificate_file names a file that holds no certificate in PEM form',
    ]);
    assert.deepEqual(problem(tls('first.pem', 'first.pem')), [
      'http.tls.key_file names a file that holds no private key in PEM form',
    ]);
    assert.deepEqual(problem(tls('first.pem', 'locked.key')), [
      'http.tls.key_file names a key that is locked with a passphrase',
    ]);
    assert.deepEqual(problem('egress: { ca_file: cut.pem }'), [
      'egress.ca_file names a file with a damaged certificate',
    ]);
  });

  it('must fit together', () => {
    const [first, ...more] = mistakes(tls('first.pem', 'second.key'));
    assert.deepEqual(more, []);
    assert.equal(first?.path, 'http.tls.certificate_file');
    assert.equal(first.problem, 'names a certificate that the key of http.tls.key_file does not belong to');
    assert.equal(first.line, 3);
  });

  it('are not looked at by commands that use none of them', () => {
    assert.deepEqual(mistakes(tls('none.pem', 'none.key'), 'tool'), []);
  });
});
