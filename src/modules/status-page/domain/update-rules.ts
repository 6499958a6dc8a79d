import { type Incident, STATUSES_OF } from './incident.ts';
import { incidentUpdate } from './incident-update-rules.ts';
import type { Mistake } from './mistake.ts';
import { plannedUpdate } from './planned-update-rules.ts';
import { allowedStatuses, isClosed } from './statuses.ts';
import type { UpdateEffect, UpdateRequest, UpdateSituation } from './update-request.ts';

/** What becomes of an incident, maintenance or info by an update of a person: specification §3.2, §3.3, §9.3, §9.5. */
export function decideUpdate(request: UpdateRequest, situation: UpdateSituation): UpdateEffect | Mistake[] {
  const { incident } = situation;
  if (!STATUSES_OF[incident.type].includes(request.status)) return [{ field: 'status', reason: 'status_foreign' }];
  if (!allowedStatuses(incident).includes(request.status)) return [{ field: 'status', reason: refusalOf(incident) }];
  const described = request.description ?? incident.description ?? '';
  if (incident.type === 'maintenance' && described.trim() === '') {
    return [{ field: 'description', reason: 'description_missing' }];
  }
  const effect = incident.type === 'incident' ? incidentUpdate(request, situation) : plannedUpdate(request, situation);
  if (Array.isArray(effect)) return effect;
  const title = request.title ?? incident.title;
  const description = request.description === undefined ? incident.description : request.description || null;
  return { ...effect, incident: { ...effect.incident, title, description, system: false } };
}

function refusalOf(incident: Incident): Mistake['reason'] {
  if (incident.type !== 'incident') return 'status_final';
  return isClosed(incident) ? 'status_closed' : 'status_open';
}
