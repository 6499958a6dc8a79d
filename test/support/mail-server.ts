import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  to: string;
  subject: string;
  text: string;
  html: string;
  messageId: string;
  headers: Map<string, unknown>;
  /** As it came over the wire. */
  source: string;
}

export interface MailServer extends AsyncDisposable {
  port: number;
  mails: ReceivedMail[];
  /** What it answers to each recipient from now on; null: it takes the mail. */
  refuse(answer: { code: number; text: string } | null): void;
  close(): Promise<void>;
}

/** A real mail server that keeps what it gets. */
export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let refusal: { code: number; text: string } | null = null;
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: (_address, _session, done) => {
      done(refusal === null ? null : Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const source = Buffer.concat(chunks).toString('utf8');
        void simpleParser(source).then(({ subject = '', text = '', html, messageId = '', headers }) => {
          const [to] = session.envelope.rcptTo;
          const shown = html === false ? '' : html;
          mails.push({ to: to?.address ?? '', subject, text, html: shown, messageId, headers, source });
          done();
        }, done);
      });
    },
  });
  // A client that turns away in the middle is part of what is tested.
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => new Promise<void>((closed) => server.close(() => closed()));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuse: (answer) => {
      refusal = answer;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
