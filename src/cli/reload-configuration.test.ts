import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ConfigHolder } from '../platform/config/index.ts';
import { createLogger } from '../platform/log/index.ts';
import { reloadConfiguration } from './reload-configuration.ts';

/** Pino's numbers. */
const LEVELS = { info: 30, warn: 40, error: 50 } as const;
const WHERE = 'http: { public_url: "https://status.example.org"';

let folder: string;
let file: string;
let holder: ConfigHolder;
let lines: { level: number; msg: string; needsRestart?: string[]; err?: { message: string } }[];
const log = createLogger('info', { write: (line: string) => lines.push(JSON.parse(line) as (typeof lines)[number]) });

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-reload-'));
  file = join(folder, 'signalbox.yaml');
});
beforeEach(() => {
  lines = [];
  writeFileSync(file, `${WHERE} }\n`);
  holder = new ConfigHolder({ file, env: {}, sections: {}, folder });
});
after(() => rmSync(folder, { recursive: true }));

function reloaded(text: string): (typeof lines)[number] {
  writeFileSync(file, text);
  reloadConfiguration(holder, log);
  const [first] = lines;
  assert.ok(first);
  return first;
}

describe('a configuration that is read again', () => {
  it('is told at info when all of it counts from now on', () => {
    const line = reloaded(`${WHERE} }\nsite: { title: After }\n`);
    assert.equal(line.level, LEVELS.info);
    assert.equal(line.msg, 'configuration loaded again');
    assert.equal(lines.length, 1);
  });

  it('warns of every key that was not taken over, and says what to do', () => {
    const line = reloaded(`${WHERE}, listen: ":9000", limits: { forms: 7 } }\nlog: { level: debug }\n`);
    assert.equal(line.level, LEVELS.warn);
    assert.equal(
      line.msg,
      'configuration loaded again, except for what was changed in http.listen, http.limits and log.level: ' +
        'the old values stay in force until Signalbox is restarted. Restart it, or take the change back',
    );
    assert.deepEqual(line.needsRestart, ['http.listen', 'http.limits', 'log.level']);
    assert.equal(holder.current().http.limits.forms, 60);
  });

  it('stays as it was when there is a mistake', () => {
    assert.equal(reloaded('log: { level: inof }\n').level, LEVELS.error);
  });

  it('names a part that could not take it', () => {
    holder.subscribe(() => {
      throw new Error('no room');
    });
    const line = reloaded(`${WHERE} }\nsite: { title: After }\n`);
    assert.equal(line.level, LEVELS.error);
    assert.equal(line.err?.message, 'no room');
    assert.equal(lines[1]?.msg, 'configuration loaded again');
  });
});
