import type { ComponentKey } from '../../../core/index.ts';
import { type Age, ageOf } from '../domain/updated-ago.ts';
import { devicesByKey, projectViews } from '../store/facility-read.ts';
import { allSettings, type FacilityContext } from './facility-context.ts';

/** How long ago the deciding issue was last touched, in the zone of its project; null when there is none to tell of. */
export async function deviceAge(context: FacilityContext, key: ComponentKey): Promise<Age | null> {
  const device = (await devicesByKey(context.db, [key])).get(key);
  if (device === undefined || device.issue === null || device.updatedAt === null) return null;
  const project = (await projectViews(context.db)).find(({ source }) => source === device.source);
  const settings = allSettings(context).find(({ id }) => id === project?.id);
  return ageOf(device.updatedAt, context.clock.now(), settings?.timezone ?? context.site().timezone);
}
