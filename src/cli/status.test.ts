import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { addMs, HOUR, type Level, MINUTE } from '../core/index.ts';
import type { Io } from './command.ts';
import { command, watchBoard } from './status.ts';
import { age, drawBoard, exitCode, widthOf } from './status-board.ts';
import type { BoardComponent } from './status-client.ts';

const NOW = '2026-11-21T12:00:00.000Z';

function component(name: string, level: Level, rest: Partial<BoardComponent> = {}): BoardComponent {
  return {
    key: `lab/${name.toLowerCase()}`,
    name,
    area: 'lab',
    group: 'Microscopes',
    region: null,
    level,
    state: null,
    maintenance: false,
    since: addMs(NOW, -3 * HOUR),
    lastKnown: null,
    why: { rule: 'live_signal', signals: [] },
    causedBy: [],
    ...rest,
  };
}

function said(summary: string | null, confidential = false) {
  return { why: { rule: 'worst_signal', signals: [{ summary, confidential }] } };
}

const draw = (components: BoardComponent[], width = 100, colour = false) =>
  drawBoard({ components, asOf: NOW }, { width, colour });

describe('drawBoard', () => {
  it('says what, how, since when and why, by group', () => {
    const lines = draw([
      component('Krios', 'major_outage', { state: 'DOWN', ...said('#12 vacuum leak') }),
      component('Talos', 'operational'),
      component('Saw', 'unknown', { group: '', lastKnown: { level: 'notice', observedAt: NOW } }),
    ]);
    assert.deepEqual(lines, [
      '1 of 3 has problems, 1 unknown (as of 12:00:00 UTC)',
      '',
      'Microscopes',
      '  ⬢ Krios  DOWN           3 h  #12 vacuum leak',
      '  ● Talos  Operational    3 h',
      '',
      'lab',
      '  ◌ Saw    Unknown        3 h  last known: Notice',
    ]);
  });

  it('says the region of services that share a name, and of no other', () => {
    const lines = draw([
      component('Virtual Machines', 'operational', { region: 'North' }),
      component('Virtual Machines', 'degraded', { region: 'South' }),
      component('Registry', 'operational', { region: 'South' }),
    ]);
    assert.deepEqual(lines.slice(3), [
      '  ● Virtual Machines (North)  Operational    3 h',
      '  ▲ Virtual Machines (South)  Degraded       3 h',
      '  ● Registry                  Operational    3 h',
    ]);
    const narrow = draw(
      ['North', 'South'].map((region) => component('Virtual Machines', 'operational', { region })),
      60,
    );
    assert.deepEqual(
      narrow.slice(3).map((line) => line.slice(4, 20)),
      ['Virtual… (North)', 'Virtual… (South)'],
    );
  });

  it('stays within the width, whatever the names', () => {
    const names = ['x'.repeat(300), '顕微鏡'.repeat(30), '🔬'.repeat(40), 'é'.repeat(99)];
    const rows = names.map((name) => component(name, 'degraded', { state: name, group: name, ...said(name) }));
    for (const width of [40, 59, 80, 200]) {
      for (const line of draw(rows, width)) assert.ok(widthOf(line) <= width, `${widthOf(line)} > ${width}: ${line}`);
    }
  });

  it('lets no name steer the terminal', () => {
    const evil = '\u001b[2J\u001b]8;;http://evil\u0007\r\nroot:\u202egnp\u0000';
    const text = draw([
      component(evil, 'degraded', { state: evil, group: evil, ...said(evil), causedBy: [evil] }),
    ]).join('\n');
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  });

  it('paints only where colours are wanted, and says the same in both', () => {
    const rows = [component('Krios', 'major_outage', said('leak')), component('Talos', 'maintenance')];
    const painted = draw(rows, 100, true);
    assert.notDeepEqual(painted, draw(rows));
    assert.deepEqual(painted.map(stripVTControlCharacters), draw(rows));
  });

  it('tells a confidential report and nothing of it', () => {
    assert.match(draw([component('Krios', 'major_outage', said(null, true))]).join('\n'), /a confidential report/);
  });
});

it('exits with what the worst on the board means', () => {
  const code = (...levels: Level[]) =>
    exitCode({ components: levels.map((level) => component('x', level)), asOf: NOW });
  assert.deepEqual(
    [code('operational', 'notice', 'maintenance'), code('unknown', 'degraded'), code('operational', 'unknown'), code()],
    [0, 1, 2, 2],
  );
});

it('writes ages in one unit', () => {
  const ages = [40_000, 5 * MINUTE, 47 * HOUR, 480 * HOUR, -MINUTE].map((ms) => age(addMs(NOW, -ms), NOW));
  assert.deepEqual(ages, ['40 s', '5 m', '47 h', '20 d', '0 s']);
});

describe('signalbox status', () => {
  let server: HttpServer;
  let url = '';
  let board: BoardComponent[] = [];
  /** So many requests find nobody. */
  let away = 0;
  const streams = new Set<ServerResponse>();
  const doors = new EventEmitter();
  const asked: { path: string; token: string | undefined; lastId: string | undefined }[] = [];

  before(async () => {
    server = createServer((request, answer) => {
      if (away > 0) {
        away -= 1;
        request.socket.destroy();
        return;
      }
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
      const lastId = request.headers['last-event-id'];
      asked.push({
        path: pathname,
        token: request.headers.authorization,
        lastId: typeof lastId === 'string' ? lastId : undefined,
      });
      if (pathname === '/api/stream') {
        answer.writeHead(200, { 'content-type': 'text/event-stream' });
        answer.write('retry: 2000\n\nid: 7\nevent: ready\ndata: {}\n\n');
        streams.add(answer);
        doors.emit('stream');
        answer.on('close', () => streams.delete(answer));
        return;
      }
      const start = board.findIndex(({ key }) => key === searchParams.get('after')) + 1;
      const components = board.slice(start, start + 2);
      const next = start + 2 < board.length ? components.at(-1)?.key : null;
      answer.setHeader('content-type', 'application/json').end(JSON.stringify({ components, next, asOf: NOW }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  function recording(): Io & { said: string[]; failed: string[]; next(): Promise<void> } {
    const said: string[] = [];
    const failed: string[] = [];
    let wake: () => void = () => undefined;
    const heard = (list: string[]) => (line: string) => {
      list.push(line);
      wake();
    };
    return {
      said,
      failed,
      print: heard(said),
      error: heard(failed),
      next: () => new Promise((resolve) => (wake = resolve)),
    };
  }

  it('fetches every page and exits with what it found', async () => {
    board = ['a', 'b', 'c', 'd', 'e'].map((name) => component(name, name === 'e' ? 'partial_outage' : 'operational'));
    const io = recording();
    assert.equal(await command.run(['--url', url, '--json'], io), 1);
    const printed = JSON.parse(io.said.join('')) as { components: { name: string }[] };
    assert.deepEqual(
      printed.components.map(({ name }) => name),
      ['a', 'b', 'c', 'd', 'e'],
    );
  });

  it('says that nobody answers', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => nobody.once('listening', resolve));
    const { port } = nobody.address() as AddressInfo;
    await new Promise((resolve) => nobody.close(resolve));
    await assert.rejects(
      command.run(['--url', `http://127.0.0.1:${port}`], recording()),
      /http:\/\/127\.0\.0\.1:\d+ does not answer/,
    );
    await assert.rejects(command.run(['--url', 'ftp://x'], recording()), /not an address/);
  });

  it('draws again when the terminal changes its size', async () => {
    board = [component('Krios', 'operational')];
    const io = recording();
    const stop = new AbortController();
    let width = 80;
    let resized: () => void = () => undefined;
    const opened = once(doors, 'stream');
    const ended = watchBoard(
      { url },
      {
        draw: () => `${width} wide`,
        io,
        signal: stop.signal,
        onResize: (redraw) => {
          resized = redraw;
        },
      },
    );
    await opened;
    width = 40;
    resized();
    assert.deepEqual(io.said, ['80 wide', '40 wide']);
    stop.abort();
    await ended;
  });

  it('follows the stream, comes back after a cut and ends with the last board', async () => {
    board = [component('Krios', 'operational')];
    const io = recording();
    const stop = new AbortController();
    const opened = once(doors, 'stream');
    const ended = watchBoard(
      { url },
      { draw: (now) => drawBoard(now, { width: 80, colour: false }).join('\n'), io, signal: stop.signal },
    );
    await opened;
    assert.match(io.said.at(-1) ?? '', /All 1 work/);
    board = [component('Krios', 'major_outage')];
    let next = io.next();
    for (const stream of streams) stream.write('id: 8\nevent: component.status_changed\ndata: {}\n\n');
    await next;
    assert.match(io.said.at(-1) ?? '', /1 of 1 has problems/);
    next = io.next();
    away = 3;
    for (const stream of streams) stream.destroy();
    await next;
    assert.match(io.failed.at(-1) ?? '', /does not answer.* Trying again\./);
    board = [component('Krios', 'unknown')];
    const reopened = once(doors, 'stream');
    while (!(io.said.at(-1) ?? '').includes('unknown')) await io.next();
    await reopened;
    assert.equal(io.failed.length, 1, 'said once, however often it is tried');
    stop.abort();
    assert.equal(await ended, 2);
    const again = asked.filter(({ path }) => path === '/api/stream').map(({ lastId }) => lastId);
    assert.deepEqual(again.slice(-2), [undefined, '8']);
  });
});
