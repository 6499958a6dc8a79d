import { createServer, type Server, type Socket } from 'node:net';

/** What a client hands over: who it is for, and the mail as it came over the wire, a character for each byte. */
export interface Envelope {
  to: readonly string[];
  source: string;
}

const MOST_BYTES = 5_000_000;
const MOST_RECIPIENTS = 100;

/** As much of SMTP (RFC 5321) as somebody needs who only takes mail: no account, no encryption, nothing is passed on. */
export function createSmtpServer(take: (envelope: Envelope) => void): Server {
  return createServer((socket) => {
    const session = new Session(socket, take);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => session.receive(text));
    // Who hangs up in the middle has sent nothing.
    socket.on('error', () => socket.destroy());
    session.greet();
  });
}

class Session {
  readonly #socket: Socket;
  readonly #take: (envelope: Envelope) => void;
  #unread = '';
  #to: string[] = [];
  #hasSender = false;
  /** Lines of the mail that is being sent; null between mails. */
  #lines: string[] | null = null;
  #bytes = 0;

  constructor(socket: Socket, take: (envelope: Envelope) => void) {
    this.#socket = socket;
    this.#take = take;
  }

  greet(): void {
    this.#say('220 mail.demo.invalid takes mail and keeps it to itself');
  }

  receive(text: string): void {
    this.#unread += text;
    for (let end = this.#unread.indexOf('\n'); end >= 0; end = this.#unread.indexOf('\n')) {
      const line = this.#unread.slice(0, end).replace(/\r$/, '');
      this.#unread = this.#unread.slice(end + 1);
      if (this.#lines === null) this.#command(line);
      else this.#body(line, this.#lines);
    }
    if (this.#unread.length > MOST_BYTES) this.#socket.destroy();
  }

  #command(line: string): void {
    const [verb = ''] = line.toUpperCase().split(' ', 1);
    // A browser that was told to post a form here: what follows is not for us.
    if (/ HTTP\/\d/.test(line)) {
      this.#unread = '';
      this.#socket.destroy();
      return undefined;
    }
    const address = /^(?:MAIL FROM|RCPT TO):\s*<([^<>\s]*)>/i.exec(line)?.[1];
    switch (verb) {
      case 'EHLO':
        return this.#say(`250-mail.demo.invalid\r\n250 SIZE ${MOST_BYTES}`);
      case 'HELO':
        return this.#say('250 mail.demo.invalid');
      case 'MAIL':
        this.#reset();
        this.#hasSender = address !== undefined;
        return this.#say(this.#hasSender ? '250 ok' : '501 write MAIL FROM:<address>');
      case 'RCPT':
        return this.#recipient(address);
      case 'DATA':
        if (this.#to.length === 0) return this.#say('503 to whom?');
        this.#lines = [];
        return this.#say('354 end with a line that is a dot');
      case 'RSET':
        this.#reset();
        return this.#say('250 ok');
      case 'NOOP':
        return this.#say('250 ok');
      case 'QUIT':
        this.#say('221 bye');
        this.#socket.end();
        return undefined;
      default:
        return this.#say('502 not known here');
    }
  }

  #recipient(address: string | undefined): void {
    if (!this.#hasSender) return this.#say('503 from whom?');
    if (address === undefined || address === '') return this.#say('501 write RCPT TO:<address>');
    if (this.#to.length === MOST_RECIPIENTS) return this.#say('452 too many recipients');
    this.#to.push(address);
    return this.#say('250 ok');
  }

  #body(line: string, lines: string[]): void {
    if (line !== '.') {
      this.#bytes += line.length + 2;
      // A dot before a line that begins with one was put there for the way (RFC 5321, 4.5.2).
      if (this.#bytes <= MOST_BYTES) lines.push(line.startsWith('.') ? line.slice(1) : line);
      return;
    }
    const isWhole = this.#bytes <= MOST_BYTES;
    if (isWhole) this.#take({ to: this.#to, source: lines.join('\r\n') });
    this.#reset();
    this.#say(isWhole ? '250 taken' : '552 too large');
  }

  #reset(): void {
    this.#to = [];
    this.#hasSender = false;
    this.#lines = null;
    this.#bytes = 0;
  }

  #say(text: string): void {
    if (this.#socket.writable) this.#socket.write(`${text}\r\n`);
  }
}
