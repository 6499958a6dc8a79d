import { createApp, modules } from '../../src/app/index.ts';
import {
  addMs,
  ComponentDeclared,
  DAY,
  type Instant,
  type Level,
  SECOND,
  type Signal,
  SignalReported,
  system,
  systemClock,
} from '../../src/core/index.ts';
import { insertOutage, saveHeartbeat } from '../../src/modules/components/store/outage-store.ts';
import { slugOf } from '../../src/modules/facility/domain/device-key.ts';
import type { Config } from '../../src/platform/config/index.ts';
import { createLogger } from '../../src/platform/log/index.ts';
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
 * Gives an empty data folder its 90 days: the same events an observer of those days would have published go through
 * the same journal and the same decisions, with the clock of their day.
 */
export async function seedPast({ config, now, seed, projectUrl, standing }: Past): Promise<void> {
  let at = addMs(now, -HISTORY_DAYS * DAY);
  const components = modules.filter(({ name }) => name === 'components');
  const clock = { now: () => at };
  const app = await createApp({
    config: () => config,
    clock,
    log: createLogger('silent'),
    modules: components,
    scheduled: false,
  });
  try {
    if ((await app.components.rows(system('demo'))).length > 0) return;
    const { states, outages } = demoHistory(now, seed);
    await app.db.write(async (tx) => {
      for (const [groupPosition, { name: group, devices }] of DEVICE_GROUPS.entries()) {
        for (const [position, name] of devices.entries()) {
          const payload = {
            key: keyOf(name),
            name,
            kind: 'device',
            group,
            groupPosition,
            position,
            visibility: 'public' as const,
          };
          await app.journal.publish(tx, ComponentDeclared, { key: payload.key, payload });
        }
      }
      for (const device of DEVICES) {
        const signal = claim(device, 'RUNNING', at);
        await app.journal.publish(tx, SignalReported, { key: signal.component, payload: signal });
      }
    });
    const happened = states
      .flatMap((state) => {
        const issue = { summary: `#${state.iid} ${state.title}`, evidence: `${projectUrl}/-/issues/${state.iid}` };
        return [claim(state.device, state.state, state.from, issue), claim(state.device, 'RUNNING', state.until)];
      })
      .concat(presentClaims(standing))
      .sort((a, b) => (a.observedAt < b.observedAt ? -1 : 1));
    // An end and a beginning of one device at one moment: the beginning counts.
    const days = Map.groupBy(happened, (signal) => signal.observedAt.slice(0, 10));
    for (const signals of days.values()) {
      at = signals.at(-1)?.observedAt ?? at;
      await app.db.write(async (tx) => {
        for (const signal of signals)
          await app.journal.publish(tx, SignalReported, { key: signal.component, payload: signal });
      });
      await app.journal.drain();
    }
    at = addMs(systemClock.now(), HANDOVER_MS);
    await app.db.write(async (tx) => {
      for (const { from, until } of outages) {
        await insertOutage(tx, { from_at: from, until_at: until, recorded_at: until, reason: 'stopped' });
      }
      await saveHeartbeat(tx, at);
    });
    await app.journal.drain();
  } finally {
    await app.stop();
  }
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
