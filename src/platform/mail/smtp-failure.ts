import { UpstreamError, type UpstreamReason } from '../../core/index.ts';
import { RecipientRefused } from './mail.ts';

interface SmtpError {
  code?: unknown;
  command?: unknown;
  responseCode?: unknown;
  response?: unknown;
  message: string;
}

interface Verdict {
  reason: UpstreamReason;
  retry: boolean;
  what: string;
}

/** What went wrong between us and the mail server, without the credentials a server may echo. */
export function smtpFailure(error: unknown, server: { name: string; secrets: readonly string[] }): UpstreamError {
  const known: SmtpError = error instanceof Error ? error : { message: String(error) };
  const { reason, retry, what } = verdict(known);
  const said = typeof known.response === 'string' ? cleaned(known.response, server.secrets) : '';
  const quote = said === '' ? '' : ` It said: ${said}`;
  if (isAboutRecipient(known))
    return new RecipientRefused(`The mail server ${server.name} refused the address.${quote}`);
  return new UpstreamError(reason, `The mail server ${server.name} ${what}.${quote}`, { retry });
}

function verdict(error: SmtpError): Verdict {
  const code = typeof error.code === 'string' ? error.code : '';
  const status = typeof error.responseCode === 'number' ? error.responseCode : 0;
  if (/certificate|self.signed|altname|unable to verify/i.test(error.message)) {
    return { reason: 'client', retry: false, what: 'has a certificate that is not trusted; see smtp.ca_file' };
  }
  if (code === 'ETLS') {
    return { reason: 'client', retry: false, what: 'does not offer the encryption that smtp.security asks for' };
  }
  if (code === 'EAUTH' || code === 'ENOAUTH') {
    const temporary = status >= 400 && status < 500;
    return { reason: 'auth', retry: temporary, what: 'refused the sign-in; look at smtp.user and smtp.password' };
  }
  if (status >= 400 && status < 500) return { reason: 'server', retry: true, what: 'cannot take the mail now' };
  if (status >= 500) return { reason: 'client', retry: false, what: 'refused the mail' };
  if (code === 'ETIMEDOUT') return { reason: 'timeout', retry: true, what: 'did not answer in time' };
  if (code === 'EDNS') return { reason: 'unreachable', retry: true, what: 'has a name that cannot be resolved' };
  if (code === 'ECONNECTION' || code === 'ESOCKET') {
    return { reason: 'unreachable', retry: true, what: 'cannot be reached, or hung up' };
  }
  return { reason: 'server', retry: false, what: 'answered something that is not SMTP' };
}

/**
 * A refusal of the address for good: by its enhanced code (RFC 3463: 5.1.x no such address, 5.2.1 switched off), or by
 * the plain one where there is none. 5.7.x is a judgement on us, 5.2.2 a full mailbox: both are about other mails too.
 */
function isAboutRecipient({ command, response }: SmtpError): boolean {
  if (command !== 'RCPT TO' || typeof response !== 'string') return false;
  const [, status, enhanced] = /^(5\d\d)[ -](?:(5\.\d{1,3}\.\d{1,3})\b)?/.exec(response) ?? [];
  if (enhanced !== undefined) return /^5\.(1\.\d+|2\.1)$/.test(enhanced);
  return status === '550' || status === '551' || status === '553';
}

/** One line of at most 200 characters; a server may repeat what we sent it, in base64 or plainly. */
function cleaned(response: string, secrets: readonly string[]): string {
  let text = response;
  for (const secret of secrets.filter((one) => one !== '')) {
    for (const form of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]) {
      text = text.replaceAll(form, '[hidden]');
    }
  }
  // The user, a NUL and the password together are one base64 text: anything of that look goes too.
  text = text.replace(/[A-Za-z0-9+/]{24,}={0,2}/g, '[hidden]');
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
