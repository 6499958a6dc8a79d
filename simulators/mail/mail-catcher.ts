import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as SocketServer } from 'node:net';
import type { Clock } from '../../src/core/index.ts';
import { mailPage, STYLE } from './mail-page.ts';
import { type CaughtMail, readMail } from './read-mail.ts';
import { createSmtpServer } from './smtp-server.ts';

export interface MailCatcher extends AsyncDisposable {
  /** Where mail is taken. */
  readonly smtpPort: number;
  /** The page that shows it; without a slash at the end. */
  readonly url: string;
  /** The newest first. */
  readonly mails: readonly CaughtMail[];
  close(): Promise<void>;
}

const MOST_MAILS = 200;
const OWN_NAMES = /^(127\.0\.0\.1|localhost)(:\d+)?$/;
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A mail server on a free port that passes nothing on, and a page on another that shows what it got. */
export async function startMailCatcher({ clock }: { clock: Clock }): Promise<MailCatcher> {
  const mails: CaughtMail[] = [];
  const smtp = createSmtpServer(({ to, source }) => {
    mails.unshift({ to, ...readMail(source), at: clock.now() });
    mails.length = Math.min(mails.length, MOST_MAILS);
  });
  const pages = createServer((request, response) => answer(mails, request, response));
  const sockets = new Set<{ destroy(): void }>();
  smtp.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const [smtpPort, port] = await Promise.all([listen(smtp), listen(pages)]);
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    pages.closeAllConnections();
    await Promise.all([smtp, pages].map((server) => new Promise<void>((closed) => server.close(() => closed()))));
  };
  return { smtpPort, url: `http://127.0.0.1:${port}`, mails, close, [Symbol.asyncDispose]: close };
}

async function listen(server: Server | SocketServer): Promise<number> {
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  return (server.address() as AddressInfo).port;
}

function answer(mails: readonly CaughtMail[], request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '/').split('?', 1)[0];
  const send = (status: number, type: string, body: string) => {
    response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  // Another name for this machine is how a page of somebody else would read here.
  if (!OWN_NAMES.test(request.headers.host ?? '')) send(403, 'text/plain', 'Open this page as 127.0.0.1.\n');
  else if (request.method !== 'GET' && request.method !== 'HEAD') send(405, 'text/plain', 'Only to be read.\n');
  else if (path === '/') send(200, 'text/html', mailPage(mails).toString());
  else if (path === '/mail.css') send(200, 'text/css', STYLE);
  else send(404, 'text/plain', 'There is nothing at this address.\n');
}
