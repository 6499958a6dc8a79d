import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLogger, type Logger } from './index.ts';

function listening(level = 'info'): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  return { log: createLogger(level, { write: (line: string) => void lines.push(line) }), lines };
}

describe('the log', () => {
  it('writes one JSON line with time, level, part and data', () => {
    const { log, lines } = listening();
    log.child({ part: 'facility' }).warn({ project: 301 }, 'poll failed');
    const { time, ...line } = JSON.parse(lines[0] ?? '') as { time: string };
    assert.deepEqual(line, { level: 40, part: 'facility', project: 301, msg: 'poll failed' });
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 5000);
  });

  it('leaves out what is less serious than asked for', () => {
    const { log, lines } = listening('warn');
    log.info('no');
    log.error('yes');
    assert.equal(lines.length, 1);
  });

  it('stays one line and JSON whatever the data is', () => {
    const { log, lines } = listening();
    const label = 'D:\n{"level":60}\u0000\u2028\ud800"\\\r\n';
    log.info({ label, err: new Error(label) }, 'seen');
    assert.equal(lines.length, 1);
    assert.equal(lines[0]?.trimEnd().includes('\n'), false);
    assert.equal((JSON.parse(lines[0] ?? '') as { label: string }).label.replace('\ufffd', '\ud800'), label);
  });

  it('hides secrets in objects that were given by mistake', () => {
    const { log, lines } = listening();
    const project = { id: 1, token: 'hunter2', headers: { authorization: 'hunter2', cookie: 'hunter2' } };
    log.info({ token: 'hunter2', project, smtp: { password: 'hunter2' } }, 'seen');
    assert.doesNotMatch(lines[0] ?? '', /hunter2/);
    assert.match(lines[0] ?? '', /"id":1/);
  });
});
