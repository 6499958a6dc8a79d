import type { ComponentReader } from '../../../core/index.ts';
import { tile } from '../../../platform/design/index.ts';
import type { Html } from '../../../platform/html/index.ts';
import type { Visit } from '../../../platform/http/index.ts';
import { works, worstOf } from './banner-fragment.ts';
import { facilityMessages } from './messages.ts';

/** The area in a few words, for the overview. */
export async function facilityTile(components: ComponentReader, visit: Visit): Promise<Html | null> {
  const rows = await components.rows(visit.actor, { area: 'facility' });
  if (rows.length === 0) return null;
  const words = facilityMessages(visit.language);
  const troubled = rows.filter((row) => !works(row));
  const figure = troubled.length === 0 ? words.tileWell(rows.length) : words.tileSome(troubled.length);
  return tile({ title: words.title, href: visit.link('/facility'), level: worstOf(troubled), figure });
}
