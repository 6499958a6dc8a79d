import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../src/core/index.ts';
import { answerPage } from './pages/pages.ts';
import { answerApi, callerOf } from './rest.ts';
import { answerControl, CONTROL_PATH, type ControlParts } from './server/control.ts';
import { type Call, json, type Reply, readCall } from './server/exchange.ts';
import { type Fault, FaultPlan, faultReply } from './server/faults.ts';
import { ApplicationLimits, RateLimit } from './server/rate-limits.ts';
import { RequestLog } from './server/request-log.ts';
import { HookSender } from './webhooks/hook-sender.ts';
import { GitlabWorld } from './world.ts';

export interface GitlabSimulatorOptions {
  clock: Clock;
  /** Default: a free one. */
  port?: number;
  /** Default: 127.0.0.1. */
  host?: string;
  /** What its links say it is called; default: where it listens. */
  publicUrl?: string;
  /** Fills the world before the first request. */
  seed?(world: GitlabWorld): void;
}

export interface GitlabSimulator extends ControlParts, AsyncDisposable {
  /** Base address without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** GitLab's own default for authenticated callers of gitlab.com, per minute. */
const RATE_LIMIT = 2000;

/** Starts a GitLab that listens on a real socket and is forgotten when it stops. */
export async function startGitlabSimulator(options: GitlabSimulatorOptions): Promise<GitlabSimulator> {
  const world = new GitlabWorld(options.clock, options.publicUrl ?? 'http://127.0.0.1');
  const hooks = new HookSender(world);
  const rateLimit = new RateLimit(RATE_LIMIT);
  const parts = {
    world,
    hooks,
    faults: new FaultPlan(),
    requests: new RequestLog(),
    rateLimit,
    limits: new ApplicationLimits(),
  };
  const closing = new AbortController();
  const server = createServer((request, response) => void handle(parts, request, response, closing.signal));
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator listens on no port.');
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  world.baseUrl = options.publicUrl ?? url;
  options.seed?.(world);
  const close = async () => {
    closing.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await Promise.all([closed, hooks.close()]);
  };
  return { ...parts, url, close, [Symbol.asyncDispose]: close };
}

async function handle(
  parts: ControlParts,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  try {
    const call = await readCall(request);
    if (call === null) {
      send(response, json(413, { message: '413 Request Entity Too Large' }, { connection: 'close' }));
    } else if (call.path === CONTROL_PATH || call.path.startsWith(`${CONTROL_PATH}/`)) {
      send(response, await answerControl(parts, call));
    } else {
      await serve(parts, call, response, closing);
    }
  } catch (error) {
    if (response.destroyed || closing.aborted) return;
    send(response, json(500, { message: '500 Internal Server Error', simulator: String(error) }));
  }
}

async function serve(parts: ControlParts, call: Call, response: ServerResponse, closing: AbortSignal): Promise<void> {
  const at = parts.world.now();
  const startedAt = performance.now();
  const verdict = parts.faults.judge(call);
  if (verdict.delayMs > 0) await wait(verdict.delayMs, undefined, { signal: closing, ref: false });
  const spared = verdict.fault === null || verdict.fault.applied === true || verdict.fault.kind === 'truncate';
  const answer = spared ? await answerCall(parts, call) : null;
  const reply = verdict.fault === null ? answer : (faultReply(verdict.fault) ?? answer);
  const sent = verdict.fault === null || faultReply(verdict.fault) !== null;
  parts.requests.add({
    at,
    method: call.method,
    path: call.path + call.url.search,
    status: sent ? (reply?.status ?? null) : null,
    requestBytes: call.body.length,
    bytes: sent ? Buffer.byteLength(reply?.body ?? '') : 0,
    milliseconds: Math.round(performance.now() - startedAt),
    tokenId: callerOf(parts.world, call)?.id ?? null,
    fault: verdict.fault?.kind ?? null,
  });
  if (sent && reply !== null) send(response, reply, call.method === 'HEAD');
  else if (verdict.fault !== null) suffer(response, verdict.fault, reply);
}

async function answerCall(parts: ControlParts, call: Call): Promise<Reply> {
  const reply = await (call.path.startsWith('/api/v4/') ? answerApi(parts, call) : answerPage(parts, call));
  return { ...reply, headers: { ...reply.headers, date: new Date(parts.world.nowMs()).toUTCString() } };
}

/** The faults that send no whole answer; a hanging request ends with its client or with the simulator. */
function suffer(response: ServerResponse, fault: Fault, reply: Reply | null): void {
  if (fault.kind === 'reset') response.socket?.resetAndDestroy();
  if (fault.kind !== 'truncate' || reply === null) return;
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

function send(response: ServerResponse, reply: Reply, headOnly = false): void {
  const empty = reply.status === 204 || reply.status === 304;
  const length = empty ? {} : { 'content-length': Buffer.byteLength(reply.body) };
  response.writeHead(reply.status, { ...reply.headers, ...length, 'x-content-type-options': 'nosniff' });
  response.end(empty || headOnly ? undefined : reply.body);
}
