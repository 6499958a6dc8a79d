import { UpstreamError } from '../../core/index.ts';

/** One mail to one person. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  /** The same for readers that show HTML; already escaped. */
  html?: string;
  /** `name@host`. The same at each attempt makes one mail of them; a new one when absent. */
  messageId?: string;
  /** `name@host` of what this mail belongs to, for In-Reply-To and References. */
  thread?: string;
  /** Further headers, printable ASCII on one line. */
  headers?: Readonly<Record<string, string>>;
}

export interface Mailer {
  /** Resolves when the mail server has taken the mail; throws an UpstreamError when it has not. */
  send(mail: Mail): Promise<void>;
}

/** The mail server is fine and says that this address is not: the one failure that is the recipient's alone. */
export class RecipientRefused extends UpstreamError {
  constructor(message: string) {
    super('client', message, { retry: false });
  }
}
