import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../core/index.ts';
import { environment } from '../platform/config/index.ts';
import { CONFIG_AND_JSON, readArguments, showUsage } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { serverUrl } from './server-url.ts';
import { drawBoard, exitCode, type Look } from './status-board.ts';
import { type Board, fetchBoard, followChanges, type Server } from './status-client.ts';

const USAGE = `Usage: signalbox status [--url URL] [--area AREA] [--watch] [--json] [--config FILE]

Draws the board in the terminal.

--url      the server; else that of the configuration file, else http://127.0.0.1:8080,
           or the port in PORT
--area     only one area, such as facility
--watch    stays and draws again whenever something changes
--json     the board as the API tells it

SIGNALBOX_TOKEN holds a token with the scope "read" to see what members see.
Exit code: 0 all is fine, 1 something is degraded or worse, 2 something is unknown or the server does not answer.`;

/** A burst of changes is drawn once. */
const SETTLE_MS = 150;

export const command: Command = {
  name: 'status',
  summary: 'Draw the board in the terminal',
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, {
      ...CONFIG_AND_JSON,
      url: { type: 'string' },
      area: { type: 'string' },
      watch: { type: 'boolean', short: 'w' },
    });
    if (values.help || positionals.length > 0) return showUsage(io, USAGE, values.help);
    const env = environment();
    const server = { url: await serverUrl(values, env), token: env['SIGNALBOX_TOKEN'], area: values.area };
    const draw = values.json ? asJson : asText;
    if (!values.watch) {
      const board = await fetchBoard(server);
      io.print(draw(board));
      return exitCode(board);
    }
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    const clear = process.stdout.isTTY && !values.json;
    return watchBoard(server, {
      draw: (board) => (clear ? `\u001b[H\u001b[2J${draw(board)}` : draw(board)),
      io,
      signal: stop.signal,
      ...(clear ? { onResize: (redraw) => process.stdout.on('resize', redraw) } : {}),
    });
  },
};

function asJson({ components, asOf }: Board): string {
  return JSON.stringify({ components, asOf });
}

function asText(board: Board): string {
  return drawBoard(board, lookOf(process.stdout)).join('\n');
}

/** `hasColors` knows NO_COLOR, FORCE_COLOR and what the terminal can do. */
function lookOf(out: NodeJS.WriteStream): Look {
  return { width: Math.max(40, out.columns || 100), colour: out.isTTY && out.hasColors() };
}

export interface Watch {
  draw(board: Board): string;
  io: Io;
  signal: AbortSignal;
  /** Tells where to say that there is more or less room now. */
  onResize?: (redraw: () => void) => void;
}

/** Draws at once and after every change until it is stopped; then the exit code is that of the last board. */
export async function watchBoard(server: Server, { draw, io, signal, onResize }: Watch): Promise<number> {
  let code = 2;
  let shown = '';
  let board: Board | null = null;
  let away = false;
  const paint = (): void => {
    const text = board === null ? '' : draw(board);
    // Ages go on by themselves; only a change is worth a new picture where pictures pile up.
    if (text !== shown) io.print(text);
    shown = text;
  };
  const show = async (): Promise<void> => {
    try {
      board = await fetchBoard(server, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AppError) || error.code === 'unauthenticated') throw error;
      code = 2;
      if (!away) io.error(`${error.message} Trying again.`);
      away = true;
      return;
    }
    // What was said about the server being away stands over the old picture.
    if (away) shown = '';
    away = false;
    code = exitCode(board);
    paint();
  };
  onResize?.(() => {
    if (!away) paint();
  });
  await show();
  for await (const _change of followChanges(server, signal)) {
    await pause(SETTLE_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    await show();
  }
  return code;
}
