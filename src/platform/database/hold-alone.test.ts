import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { holdAlone } from './hold-alone.ts';

describe('the only server on a SQLite file', () => {
  let folder: string;
  let location: { engine: 'sqlite'; path: string; display: string };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-alone-'));
    const path = join(folder, 'signalbox.db');
    location = { engine: 'sqlite', path, display: path };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is refused by the name of the folder while another one serves, and welcome afterwards', () => {
    const release = holdAlone({ location });
    const message = new RegExp(`Another Signalbox .* ${folder}\\.`);
    assert.throws(() => holdAlone({ location }), { name: 'AppError', code: 'conflict', message });
    release();
    holdAlone({ location })();
    assert.deepEqual(readdirSync(folder), ['signalbox.db.serving']);
  });

  it('is welcome as soon as the one before was killed', async () => {
    const door = join(import.meta.dirname, 'hold-alone.ts');
    const text = `import { holdAlone } from ${JSON.stringify(door)};
      holdAlone({ location: ${JSON.stringify(location)} }); gc(); console.log('held'); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', text], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(other.stdout, 'data');
      assert.throws(() => holdAlone({ location }), /Another Signalbox/);
    } finally {
      other.kill('SIGKILL');
    }
    await once(other, 'exit');
    holdAlone({ location })();
  });

  it('asks nothing of PostgreSQL', () => {
    const shared = { engine: 'postgres', connectionString: '', schema: null, display: '' } as const;
    holdAlone({ location: shared });
    holdAlone({ location: shared })();
  });
});
