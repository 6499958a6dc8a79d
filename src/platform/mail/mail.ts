/** One mail to one person. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  /** The same for readers that show HTML; already escaped. */
  html?: string;
}

export interface Mailer {
  /** Resolves when the mail server has taken the mail; throws an UpstreamError when it has not. */
  send(mail: Mail): Promise<void>;
}
