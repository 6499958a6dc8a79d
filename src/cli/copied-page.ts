import type { Instant } from '../core/index.ts';
import { copyNotice } from '../platform/design/index.ts';
import { isLanguage } from '../platform/i18n/index.ts';
import { type CopyAddresses, withStaticLinks } from './static-address.ts';

/** Where the notice may stand, the best place first; a document of ours has the first. */
const PLACES = [/<!--stale-->/, /<main\b[^>]*>/i, /<body\b[^>]*>/i, /^/];

/** A page of the running program as it stands in a copy: with links that lead somewhere, and with its age. */
export function copiedPage(page: string, path: string, copy: CopyAddresses & { asOf: Instant }): string {
  const language = /<html\b[^>]*\slang="([^"]+)"/i.exec(page)?.[1];
  const timezone = /<html\b[^>]*\sdata-zone="([^"]+)"/i.exec(page)?.[1] ?? 'UTC';
  const locale = { language: isLanguage(language) ? language : 'en', timezone } as const;
  const notice = copyNotice(copy.asOf, copy.live + path, locale).toString();
  const linked = withStaticLinks(page, copy);
  const place = PLACES.find((one) => one.test(linked)) ?? /^/;
  return linked.replace(place, (found) => found + notice);
}
