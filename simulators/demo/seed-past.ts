import { type App, createApp, modules } from '../../src/app/index.ts';
import {
  addMs,
  type ComponentDeclaration,
  ComponentDeclared,
  type ComponentKey,
  DAY,
  type EventType,
  type Instant,
  type Level,
  SECOND,
  type Signal,
  SignalReported,
  systemClock,
  toMs,
} from '../../src/core/index.ts';
import { insertOutage, saveHeartbeat } from '../../src/modules/components/store/outage-store.ts';
import { slugOf } from '../../src/modules/facility/domain/device-key.ts';
import type { Config } from '../../src/platform/config/index.ts';
import { createLogger } from '../../src/platform/log/index.ts';
import { CloudDesk, cloudDeeds, YEAR_DAYS } from './cloud/index.ts';
import {
  DEVICE_GROUPS,
  DEVICES,
  type DemoWorld,
  type DeviceState,
  demoHistory,
  deviceStates,
  HISTORY_DAYS,
} from './index.ts';

const LEVELS: Record<DeviceState, Level> = {
  RUNNING: 'operational',
  'RUNNING | INFO': 'notice',
  LIMITED: 'degraded',
  DOWN: 'major_outage',
};

interface Past {
  config: Config;
  now: Instant;
  seed: number;
  projectUrl: string;
  /** What is open now began in the past too. */
  standing: DemoWorld['standing'];
}

/** The present begins this long after the seeding, which is no time in which nobody watched. */
const HANDOVER_MS = 5 * SECOND;

/**
 * Gives an empty data folder its past, a year of the cloud and 90 days of the devices: the same events an observer of
 * those days would have published go through the same journal and the same decisions, with the clock of their day.
 */
export async function seedPast(past: Past): Promise<void> {
  const clock = { at: addMs(past.now, -YEAR_DAYS * DAY), now: () => clock.at };
  const { config } = past;
  const components = modules.filter(({ name }) => name === 'components');
  const log = createLogger('silent');
  const app = await createApp({ config: () => config, clock, log, modules: components, scheduled: false });
  try {
    const cloud = new CloudDesk(app, { config, clock, deeds: cloudDeeds(past.now, past.seed) });
    await cloud.provision();
    await cloud.catchUp(addMs(past.now, -HISTORY_DAYS * DAY));
    await app.journal.drain();
    await publish(app, ComponentDeclared, declarations());
    await publish(
      app,
      SignalReported,
      DEVICES.map((device) => claim(device, 'RUNNING', clock.at)),
    );
    for (const signals of weeksOf(past)) {
      await cloud.catchUp(signals.at(-1)?.observedAt ?? clock.at);
      await publish(app, SignalReported, signals);
      await app.journal.drain();
    }
    await cloud.catchUp(past.now);
    clock.at = addMs(systemClock.now(), HANDOVER_MS);
    await app.db.write(async (tx) => {
      for (const { from, until } of demoHistory(past.now, past.seed).outages) {
        await insertOutage(tx, { from_at: from, until_at: until, recorded_at: until, reason: 'stopped' });
      }
      await saveHeartbeat(tx, clock.at);
    });
    await app.journal.drain();
  } finally {
    await app.stop();
  }
}

/** One transaction for all of them. */
async function publish<P extends { key: ComponentKey } | { component: ComponentKey }>(
  app: App,
  type: EventType<P>,
  payloads: readonly P[],
): Promise<void> {
  await app.db.write(async (tx) => {
    for (const payload of payloads) {
      const key = 'key' in payload ? payload.key : payload.component;
      await app.journal.publish(tx, type, { key, payload });
    }
  });
}

function declarations(): ComponentDeclaration[] {
  return DEVICE_GROUPS.flatMap(({ name: group, devices }, groupPosition) =>
    devices.map((name, position) => ({
      key: keyOf(name),
      name,
      kind: 'device',
      group,
      groupPosition,
      position,
      visibility: 'public' as const,
    })),
  );
}

/** What was claimed in each week, oldest first. An end and a beginning at one moment: the beginning counts. */
function weeksOf({ now, seed, projectUrl, standing }: Past): Signal[][] {
  const claims = demoHistory(now, seed).states.flatMap((state) => {
    const issue = { summary: `#${state.iid} ${state.title}`, evidence: `${projectUrl}/-/issues/${state.iid}` };
    return [claim(state.device, state.state, state.from, issue), claim(state.device, 'RUNNING', state.until)];
  });
  const inOrder = [...claims, ...presentClaims(standing)].sort((a, b) => (a.observedAt < b.observedAt ? -1 : 1));
  return [...Map.groupBy(inOrder, ({ observedAt }) => Math.floor(toMs(observedAt) / (7 * DAY))).values()];
}

/** The worst open issue of each device, from the moment it was opened. */
function presentClaims(standing: DemoWorld['standing']): Signal[] {
  const states = deviceStates(standing.map(({ issue }) => issue));
  return [...states].flatMap(([device, state]) => {
    const deciding = standing.find(
      ({ issue }) => state !== 'RUNNING' && deviceStates([issue]).get(device) === state,
    )?.issue;
    if (!deciding) return [];
    const confidential = deciding.confidential && { confidential: true };
    const told = !deciding.confidential && { summary: `#${deciding.iid} ${deciding.title}` };
    return [claim(device, state, deciding.createdAt, { ...confidential, ...told })];
  });
}

function keyOf(device: string): string {
  return `facility/${slugOf(device)}`;
}

/** What the facility would have said then; it goes on saying it under the same source and name. */
function claim(device: string, state: DeviceState, observedAt: Instant, more: Partial<Signal> = {}): Signal {
  return {
    component: keyOf(device),
    source: 'facility/demo/301',
    name: 'issues',
    level: LEVELS[state],
    state,
    observedAt,
    ...more,
  };
}
