import { type Actor, addMs, DAY, HOUR, type Instant, MINUTE, type Role } from '../../../src/core/index.ts';
import { announceMaintenance } from '../../../src/modules/status-page/actions/announce-maintenance.ts';
import { cancelMaintenance } from '../../../src/modules/status-page/actions/cancel-maintenance.ts';
import { openIncident } from '../../../src/modules/status-page/actions/open-incident.ts';
import { postUpdate } from '../../../src/modules/status-page/actions/post-update.ts';
import { publishInfo } from '../../../src/modules/status-page/actions/publish-info.ts';
import { ReportIntake } from '../../../src/modules/status-page/actions/report-intake.ts';
import { reportStatus } from '../../../src/modules/status-page/actions/report-status.ts';
import { saveSeries } from '../../../src/modules/status-page/actions/save-series.ts';
import type { StatusPageContext } from '../../../src/modules/status-page/actions/status-page-context.ts';
import { unfoldSeries } from '../../../src/modules/status-page/actions/unfold-series.ts';
import { writePostmortem } from '../../../src/modules/status-page/actions/write-postmortem.ts';
import { findIncident } from '../../../src/modules/status-page/store/incident-store.ts';
import type { Deed } from './cloud-desk.ts';
import { PATCH_ROUND, PRESENT } from './maintenances.data.ts';
import { cloudPast, keysOf, YEAR_DAYS } from './past.ts';
import type { PastIncident, PastMaintenance } from './story.ts';

const MONITOR: Actor = { kind: 'token', id: 'demo-monitor', name: 'demo-monitor', scopes: ['signals:write'] };
const NADIA = person('nadia.kovac', 'operator');
const SAM = person('sam.okafor', 'operator');
const PIET = person('piet.vos', 'creator');

function person(name: string, role: Role): Actor {
  return { kind: 'user', id: `demo-${name}`, name, role };
}

/** Everything that happened in the cloud up to now, what is open now included. */
export function cloudDeeds(now: Instant, seed: number): Deed[] {
  const { incidents, maintenances } = cloudPast(now, seed);
  return [
    ...patchRounds(now),
    ...incidents.flatMap((incident, index) => incidentDeeds(incident, index % 2 === 0 ? NADIA : SAM)),
    ...maintenances.flatMap((maintenance, index) => maintenanceDeeds(maintenance, index % 2 === 0 ? SAM : NADIA)),
    ...presentIncidents(now),
    ...presentPlans(now),
  ];
}

function incidentDeeds(incident: PastIncident, by: Actor): Deed[] {
  const { title, impact, keys, start, said, turn, postmortem } = incident;
  let id = 0;
  const update = (input: { at: Instant; status: string; text: string; impact?: number }): Deed => ({
    at: input.at,
    act: async (context) => {
      await postUpdate(context, by, id, input);
    },
  });
  const open = async (context: StatusPageContext) => {
    if (incident.byMonitor === true) id = await reportTrouble(context, { keys, impact, title });
    else id = (await openIncident(context, by, { title, impact, components: keys })).id;
  };
  const end = said.at(-1)?.at ?? start;
  const learned: Deed = {
    at: addMs(end, 2 * DAY),
    act: async (context) => {
      await writePostmortem(context, by, id, { text: postmortem, publish: true });
    },
  };
  return [
    { at: start, act: open },
    ...said.map(update),
    ...(turn === null ? [] : [update({ ...turn, status: 'impact changed' })]),
    ...(postmortem === undefined ? [] : [learned]),
  ];
}

async function reportTrouble(
  context: StatusPageContext,
  { keys, impact, title }: { keys: readonly string[]; impact: number; title: string },
): Promise<number> {
  const components = keys.map((key) => ({ key, visibility: 'public' as const }));
  const reporting = { ...context, intake: new ReportIntake(context) };
  const [first] = await reportStatus(reporting, MONITOR, { components, impact, title });
  if (first === undefined) throw new Error('The report of a monitor was not answered.');
  return first.incident.id;
}

function maintenanceDeeds(maintenance: PastMaintenance, by: Actor): Deed[] {
  const { title, description, keys, announcedAt, start, end, told, cancelled } = maintenance;
  let id = 0;
  const announce = async (context: StatusPageContext) => {
    const announced = await announceMaintenance(context, by, { title, description, components: keys, start, end });
    id = announced.id ?? 0;
  };
  const version = async ({ db }: StatusPageContext) => (await findIncident(db, id))?.version;
  const tell = async (context: StatusPageContext) => {
    const input = { version: await version(context), status: 'in_progress', text: told?.text };
    await postUpdate(context, by, id, input);
  };
  const cancel = async (context: StatusPageContext) => {
    await cancelMaintenance(context, by, id, { version: await version(context), text: cancelled?.text });
  };
  return [
    { at: announcedAt, act: announce },
    ...(told === undefined ? [] : [{ at: addMs(start, told.minutesAfter * MINUTE), act: tell }]),
    ...(cancelled === undefined ? [] : [{ at: addMs(start, -cancelled.hoursBefore * HOUR), act: cancel }]),
  ];
}

/** One a month, announced as the series does it. */
function patchRounds(now: Instant): Deed[] {
  const { title, description, services, rule, time, durationMinutes } = PATCH_ROUND;
  const began = addMs(now, -(YEAR_DAYS - 1) * DAY);
  const save: Deed = {
    at: began,
    act: async (context) => {
      const startLocal = `${began.slice(0, 10)}T${time}`;
      const components = keysOf(services, ['North', 'South']);
      const given = { title, description, components, rule, zone: 'UTC', startLocal, durationMinutes };
      await saveSeries(context, NADIA, given);
    },
  };
  // The last look is a day old: what comes into sight today is no news.
  const looks = Array.from({ length: Math.floor(YEAR_DAYS / 23) }, (_, look) => addMs(now, -(23 * look + 1) * DAY));
  return [save, ...looks.map((at): Deed => ({ at, act: unfoldSeries }))];
}

function presentIncidents(now: Instant): Deed[] {
  const { outage, machine } = PRESENT;
  const start = addMs(now, -outage.hoursOpen * HOUR);
  const said = outage.said.map(([after, status, text]) => ({ at: addMs(start, after * MINUTE), status, text }));
  const keys = keysOf(outage.services, [outage.region]);
  const seen = { title: machine.title, impact: machine.impact, keys: keysOf([machine.service], [machine.region]) };
  return [
    ...incidentDeeds({ title: outage.title, impact: outage.impact, keys, start, said, turn: null }, SAM),
    // Said again a moment ago: the monitor has not been silent since.
    ...[machine.minutesOpen, 1].map(
      (minutes): Deed => ({
        at: addMs(now, -minutes * MINUTE),
        act: async (context) => {
          await reportTrouble(context, seen);
        },
      }),
    ),
  ];
}

function presentPlans(now: Instant): Deed[] {
  const { planned, waiting, info } = PRESENT;
  const plan = (plans: typeof planned | typeof waiting, by: Actor, hour: number): Deed['act'] => {
    const { title, description, services, region, inDays, hours } = plans;
    const start = `${addMs(now, inDays * DAY).slice(0, 10)}T${hour}:00:00.000Z`;
    const window = { start, end: addMs(start, hours * HOUR), components: keysOf(services, [region]) };
    return async (context) => {
      await announceMaintenance(context, by, { title, description, ...window, contactEmail: 'network@cloud.example' });
    };
  };
  const publish: Deed['act'] = async (context) => {
    const { title, description, services, daysLeft } = info;
    const components = keysOf(services, ['North', 'South']);
    await publishInfo(context, NADIA, { title, description, components, end: addMs(now, daysLeft * DAY) });
  };
  return [
    { at: addMs(now, -info.daysKnown * DAY), act: publish },
    { at: addMs(now, -6 * DAY), act: plan(planned, NADIA, 22) },
    { at: addMs(now, -3 * HOUR), act: plan(waiting, PIET, 20) },
  ];
}
