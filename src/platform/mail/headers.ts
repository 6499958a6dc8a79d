import type { Mail } from './mail.ts';

/** What makes the envelope and the structure of a mail is not for callers to set. */
const OURS =
  /^(from|sender|reply-to|to|cc|bcc|subject|date|message-id|in-reply-to|references|mime-version|received|return-path|auto-submitted|resent-.*|content-.*|dkim-.*)$/i;
const MESSAGE_ID = /^[A-Za-z0-9._-]{1,200}@[A-Za-z0-9.-]{1,253}$/;

/** Name of the header that would be more than one, or another than it says; undefined: none. */
export function unfitHeader({ messageId, thread, headers = {} }: Mail): string | undefined {
  if (messageId !== undefined && !MESSAGE_ID.test(messageId)) return 'Message-ID';
  if (thread !== undefined && !MESSAGE_ID.test(thread)) return 'References';
  const unfit = Object.entries(headers).find(
    ([name, value]) =>
      OURS.test(name) || !/^[A-Za-z][A-Za-z0-9-]{0,60}$/.test(name) || !/^[\x20-\x7e]{1,900}$/.test(value),
  );
  return unfit && JSON.stringify(unfit[0].slice(0, 60));
}

type Written = Record<string, string | { prepared: boolean; value: string }>;

/** As they stand: what was checked needs no encoding, and folding or encoded words would spoil an address in a header. */
export function headersOf({ thread, headers = {} }: Mail): Written {
  return {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { prepared: true, value }])),
    ...(thread === undefined ? {} : { 'In-Reply-To': `<${thread}>`, References: `<${thread}>` }),
    // Nobody's holiday notice comes back (RFC 3834 §5).
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
  };
}
