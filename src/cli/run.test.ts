import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signalbox } from '../../test/support/command.ts';
import { VERSION } from '../app/index.ts';

const COMMANDS = 'demo serve status check-config init migrate admin token facility import mail backup restore'.split(
  ' ',
);

describe('the command line', () => {
  it('explains each command, and refuses what it does not know in one line', async () => {
    for (const name of COMMANDS) {
      const [help, unknown] = await Promise.all([signalbox([name, '--help']), signalbox([name, '--nope'])]);
      assert.deepEqual([help.code, help.stderr], [0, ''], name);
      assert.match(help.stdout, new RegExp(`^Usage: signalbox ${name}`));
      const stderr = `signalbox ${name}: Unknown option '--nope'. --help shows what there is.\n`;
      assert.deepEqual(unknown, { code: 2, stdout: '', stderr });
    }
  });

  it('does not overlook a word that has no place', async () => {
    for (const line of ['demo x', 'serve x', 'init a b', 'check-config a b']) {
      const { code, stdout, stderr } = await signalbox(line.split(' '));
      assert.deepEqual([code, stdout], [2, ''], line);
      assert.match(stderr, /^Usage: signalbox /, line);
    }
  });

  it('tells its version', async () => {
    assert.deepEqual(await signalbox(['--version']), { code: 0, stdout: `${VERSION}\n`, stderr: '' });
  });
});
