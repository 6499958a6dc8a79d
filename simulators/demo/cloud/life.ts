import { addMs, type Clock, DAY, HOUR } from '../../../src/core/index.ts';
import { LOOP_MS, realTimers, type Timers } from '../timers.ts';
import { type Region, serviceKey, serviceName } from './catalogue.data.ts';
import { LIFE_STORIES } from './life.data.ts';
import { LEAD_MS, type LifeStep, lifeScript, WORK_MS } from './life-script.ts';
import { PRESENT } from './maintenances.data.ts';
import type { StatusPageClient } from './status-page-client.ts';

export interface CloudLife {
  client: StatusPageClient;
  clock: Clock;
  /** Takes away what the script told hours ago, so that it may run for weeks. */
  forget(): Promise<void>;
  /** A step failed; the next ones are tried. */
  failed(error: unknown): void;
  timers?: Timers;
}

/** Plays the script over and over through the API that monitors and operators use, until stopped. */
export function runCloudLife(life: CloudLife): { stop(): Promise<void> } {
  const { clock, timers = realTimers } = life;
  const startAt = Date.parse(clock.now());
  let timer: unknown;
  const stopped = new AbortController();
  let playing: Promise<void> = restore(life).catch((error: unknown) => life.failed(error));
  const schedule = (loop: number, index: number) => {
    if (stopped.signal.aborted) return;
    const steps = lifeScript(loop);
    const step = steps[index];
    if (step === undefined) {
      schedule(loop + 1, 0);
      return;
    }
    const due = startAt + loop * LOOP_MS + step.atMs;
    const play = async () => {
      await playing;
      if (stopped.signal.aborted) return;
      playing = playStep(life, step).catch((error: unknown) => life.failed(error));
      await playing;
      schedule(loop, index + 1);
    };
    timer = timers.setTimeout(() => void play(), Math.max(0, due - Date.parse(clock.now())));
  };
  schedule(0, 0);
  return {
    stop: async () => {
      stopped.abort();
      timers.clearTimeout(timer);
      await playing;
    },
  };
}

/** One step of the script. What a visitor has ended meanwhile stays ended. */
export async function playStep(life: CloudLife, step: LifeStep): Promise<void> {
  const { client, clock } = life;
  switch (step.does) {
    case 'report': {
      const { service, region, impact, title } = step.story;
      await client.report({ name: serviceName(service), region, impact, text: title });
      return;
    }
    case 'update': {
      const incident = await client.open(step.story.title);
      const [, status, text] = step.said;
      if (incident !== null) await client.update(incident.id, { status, text });
      return;
    }
    case 'announce': {
      const { title, description, service, region } = step.maintenance;
      const start = addMs(clock.now(), LEAD_MS);
      await client.announce({ title, description, components: [serviceKey(service, region)], start, lastsMs: WORK_MS });
      return;
    }
    case 'repeat':
      await repeat(client);
      return;
    case 'restore':
      await restore(life);
      await life.forget();
  }
}

async function repeat(client: StatusPageClient): Promise<void> {
  const { service, region, impact, title } = PRESENT.machine;
  await client.report({ name: serviceName(service), region, impact, text: title });
}

/** Puts right what visitors or the end of an earlier run left: the loop begins as the first one did. */
async function restore({ client, clock }: CloudLife): Promise<void> {
  const { outage, planned } = PRESENT;
  for (const { title } of LIFE_STORIES) {
    const left = await client.open(title);
    if (left !== null) await client.update(left.id, { status: 'resolved', text: 'It works again.' });
  }
  const standing = await client.latest(outage.title);
  if (standing !== null && standing.end !== null) {
    await client.update(standing.id, { status: 'reopened', text: 'It came back: some volumes do not answer again.' });
    await client.update(standing.id, { status: 'fixing', text: 'We replace the second switch as well.' });
  }
  if ((await client.open(planned.title)) === null) {
    const { title, description, services, region, inDays, hours } = planned;
    const start = `${addMs(clock.now(), inDays * DAY).slice(0, 10)}T22:00:00.000Z`;
    const components = services.map((service) => serviceKey(service, region satisfies Region));
    await client.announce({ title, description, components, start, lastsMs: hours * HOUR });
  }
}
