import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DAY, toInstant } from '../../../src/core/index.ts';
import type { Hook, HookDelivery, HookFlag, WorldEvent } from '../model.ts';
import type { GitlabWorld } from '../world.ts';
import { type AlertStatus, alertStatus, noteFailure, noteSuccess } from './hook-health.ts';
import { type HookAnswer, postHook } from './hook-request.ts';
import { type HookMessage, hookMessage } from './payloads.ts';
import { signWebhook } from './signature.ts';

/** What goes wrong with deliveries on demand. `hold` keeps them until `release`. */
export type HookTrouble =
  | { mode: 'lose' | 'duplicate' | 'hold'; count: number }
  | { mode: 'late'; count: number; delayMs: number };

interface Envelope extends HookMessage {
  hook: Hook;
  idempotencyKey: string;
  eventUuid: string;
}

const HISTORY = 7 * DAY;
const KEPT_DELIVERIES = 5000;
export const GITLAB_VERSION = '18.5.2';

/** Sends webhooks for what happens in the world, keeps their history and disables hooks that keep failing. */
export class HookSender {
  /** Off, as on self-managed instances by default: failing hooks are never disabled. */
  autoDisable = true;
  timeoutMs = 10_000;
  history: HookDelivery[] = [];
  /** Deliveries that never left: the hook was disabled, or they were lost on demand. */
  suppressed = { disabled: 0, lost: 0 };
  #troubles: HookTrouble[] = [];
  #held: Envelope[] = [];
  #nextDelivery = 1;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #world: GitlabWorld;

  constructor(world: GitlabWorld) {
    this.#world = world;
    world.onEvent((event) => this.#announce(event));
  }

  /** Adds trouble for the next deliveries; several troubles are used up in the order given. */
  trouble(trouble: HookTrouble): void {
    this.#troubles.push({ ...trouble });
  }

  calm(): void {
    this.#troubles = [];
  }

  get held(): number {
    return this.#held.length;
  }

  /** Sends what was held, one after the other, so that the receiver sees exactly this order. */
  async release(order: 'same' | 'reverse' = 'same'): Promise<void> {
    const held = this.#held.splice(0);
    if (order === 'reverse') held.reverse();
    for (const envelope of held) await this.#track(this.#deliver(envelope));
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  status(hook: Hook): AlertStatus {
    return this.autoDisable ? alertStatus(hook, this.#world.now()) : 'executable';
  }

  deliveriesOf(hook: Hook): HookDelivery[] {
    const oldest = toInstant(this.#world.nowMs() - HISTORY);
    return this.history.filter((delivery) => delivery.hookId === hook.id && delivery.at >= oldest).reverse();
  }

  /** The *Test* button: a sample of a real issue or comment, sent even when the hook is disabled. Text: why it cannot. */
  async test(hook: Hook, flag: HookFlag): Promise<HookDelivery | string> {
    const event = this.#sample(hook, flag);
    if (typeof event === 'string') return event;
    const message = { ...hookMessage(event, this.#world.baseUrl), flag };
    return this.#track(this.#deliver({ ...message, hook, idempotencyKey: randomUUID(), eventUuid: randomUUID() }));
  }

  /** The *Resend* button: same payload, same `Idempotency-Key`. */
  resend(hook: Hook, delivery: HookDelivery): Promise<HookDelivery> {
    const { trigger, eventName, idempotencyKey, eventUuid, requestBody: body } = delivery;
    const envelope = { project: hook.project, flag: 'issues_events' as const, trigger, eventName, body };
    return this.#track(this.#deliver({ ...envelope, hook, idempotencyKey, eventUuid }));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.idle();
  }

  #announce(event: WorldEvent): void {
    const message = hookMessage(event, this.#world.baseUrl);
    const eventUuid = randomUUID();
    for (const hook of this.#world.hooks) {
      if (hook.project !== message.project || !hook.flags[message.flag]) continue;
      this.#dispatch({ ...message, hook, idempotencyKey: randomUUID(), eventUuid });
    }
  }

  #dispatch(envelope: Envelope): void {
    if (this.status(envelope.hook) !== 'executable') {
      this.suppressed.disabled += 1;
      return;
    }
    const trouble = this.#nextTrouble();
    if (trouble?.mode === 'lose') {
      this.suppressed.lost += 1;
    } else if (trouble?.mode === 'hold') {
      this.#held.push(envelope);
    } else if (trouble?.mode === 'late') {
      void this.#track(this.#deliverLater(envelope, trouble.delayMs));
    } else {
      void this.#track(this.#deliver(envelope));
      if (trouble?.mode === 'duplicate') void this.#track(this.#deliver(envelope));
    }
  }

  #nextTrouble(): HookTrouble | undefined {
    const trouble = this.#troubles[0];
    if (trouble === undefined) return undefined;
    trouble.count -= 1;
    if (trouble.count <= 0) this.#troubles.shift();
    return trouble;
  }

  async #deliverLater(envelope: Envelope, delayMs: number): Promise<void> {
    await wait(delayMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    if (!this.#closing.signal.aborted) await this.#deliver(envelope);
  }

  async #deliver(envelope: Envelope): Promise<HookDelivery> {
    const { hook, body } = envelope;
    const headers = this.#headers(envelope);
    const url = hook.urlVariables.reduce((text, { key, value }) => text.replaceAll(`{${key}}`, value), hook.url);
    const at = this.#world.now();
    const signal = AbortSignal.any([AbortSignal.timeout(this.timeoutMs), this.#closing.signal]);
    const answer = await postHook(url, headers, body, signal);
    if (answer.status !== null && answer.status < 400) noteSuccess(hook);
    else if (this.autoDisable && !this.#closing.signal.aborted) noteFailure(hook, this.#world.now());
    return this.#record(envelope, headers, answer, at);
  }

  #headers(envelope: Envelope): Record<string, string> {
    const { hook, idempotencyKey, eventName, eventUuid, body } = envelope;
    const timestamp = Math.floor(this.#world.nowMs() / 1000);
    return {
      'Content-Type': 'application/json',
      'User-Agent': `GitLab/${GITLAB_VERSION}`,
      'Idempotency-Key': idempotencyKey,
      'X-Gitlab-Event': eventName,
      'X-Gitlab-Webhook-UUID': randomUUID(),
      'X-Gitlab-Instance': this.#world.baseUrl,
      'X-Gitlab-Event-UUID': eventUuid,
      'webhook-id': idempotencyKey,
      'webhook-timestamp': String(timestamp),
      ...(hook.token !== null && { 'X-Gitlab-Token': hook.token }),
      ...(hook.signingToken !== null && {
        'webhook-signature': signWebhook(hook.signingToken, { id: idempotencyKey, timestamp, body }),
      }),
      ...Object.fromEntries(hook.customHeaders.map(({ key, value }) => [key, value])),
    };
  }

  #record(envelope: Envelope, headers: Record<string, string>, answer: HookAnswer, at: string): HookDelivery {
    const { hook, trigger, idempotencyKey, eventUuid, eventName, body } = envelope;
    const secret = new Set(['X-Gitlab-Token', ...hook.customHeaders.map(({ key }) => key)]);
    const shown = Object.entries(headers).map(
      ([name, value]) => [name, secret.has(name) ? '[REDACTED]' : value] as const,
    );
    const delivery: HookDelivery = {
      id: this.#nextDelivery++,
      hookId: hook.id,
      trigger,
      url: hook.url,
      idempotencyKey,
      eventUuid,
      eventName,
      requestHeaders: Object.fromEntries(shown),
      requestBody: body,
      responseHeaders: answer.headers,
      responseBody: answer.body,
      responseStatus: answer.status,
      error: answer.error,
      executionDuration: answer.seconds,
      at,
    };
    this.history.push(delivery);
    if (this.history.length > KEPT_DELIVERIES) this.history.splice(0, this.history.length - KEPT_DELIVERIES);
    return delivery;
  }

  #sample(hook: Hook, flag: HookFlag): WorldEvent | string {
    const issues = this.#world.issuesOf(hook.project);
    const user = this.#world.defaultUser();
    if (flag === 'issues_events' || flag === 'confidential_issues_events') {
      const issue = issues.at(-1);
      return issue === undefined
        ? 'Ensure the project has issues.'
        : { kind: 'issue', action: null, issue, user, changes: {} };
    }
    const note = this.#world.notes.findLast(
      (candidate) => !candidate.system && candidate.issue.project === hook.project,
    );
    return note === undefined ? 'Ensure the project has notes.' : { kind: 'note', note, user };
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
    return work;
  }
}
