import type { Incident } from './incident.ts';

export const at = (time: string): string => `2026-11-21T${time.length === 5 ? `${time}:00` : time}.000Z`;

/** An incident that somebody opened at 12:00 and is working on. */
export function incident(more: Partial<Incident> = {}): Incident {
  return {
    id: 1,
    type: 'incident',
    title: 'Storage is slow',
    description: null,
    impact: 2,
    status: 'analysing',
    start: at('12:00'),
    end: null,
    system: true,
    version: 3,
    createdAt: at('12:00'),
    modifiedAt: at('12:00'),
    createdBy: 'user:anna',
    createdById: 'u1',
    contactEmail: null,
    postmortem: null,
    postmortemAt: null,
    series: null,
    mergedInto: null,
    told: true,
    ...more,
  };
}

/** One planned for 14:00 to 16:00. */
export function maintenance(more: Partial<Incident> = {}): Incident {
  return incident({
    type: 'maintenance',
    title: 'New disks',
    description: 'Disks are replaced.',
    impact: 0,
    status: 'planned',
    start: at('14:00'),
    end: at('16:00'),
    system: false,
    ...more,
  });
}
