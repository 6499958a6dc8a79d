import { AppError, addMs, SECOND, UpstreamError } from '../../../core/index.ts';
import { afterFailure, type Fault, type NextStep } from '../../../platform/notifications/index.ts';
import { liveSecrets, type SubscriptionKind } from '../domain/subscription.ts';
import { dueSubscriptions, finishDelivery, hastenRetries } from '../store/delivery-store.ts';
import { findSubscription } from '../store/subscription-read.ts';
import { lockDeliveries } from '../store/subscription-store.ts';
import { disableSubscription } from './disable-subscription.ts';
import type { SubscriptionContext } from './subscription-context.ts';
import { type Taken, takeNext } from './take-delivery.ts';

/** Messages on their way at once, to mail servers and to all others: a slow receiver holds up no mail. */
const AT_ONCE = 4;
/** Shorter than the lease, longer than any channel waits by itself. */
const ATTEMPT_MS = 100 * SECOND;
/** So many are looked at together. */
const PORTION = 200;
/** One subscriber does not keep the others waiting. */
const MOST_IN_A_ROW = 20;
const ERROR_LENGTH = 500;

/**
 * Sends everything that is due, then returns; resolves to how many messages were taken. machine-driven: the job
 * `status-page.deliver`.
 */
export async function deliverDue(context: SubscriptionContext, signal: AbortSignal): Promise<number> {
  const { db, clock } = context;
  const served = new Set<string>();
  let sent = 0;
  for (;;) {
    const due = await dueSubscriptions(db, clock.now(), PORTION + served.size);
    const fresh = due.filter((id) => !served.has(id));
    if (fresh.length === 0 || signal.aborted) return sent;
    const lanes = { mail: [] as string[], others: [] as string[] };
    for (const id of fresh) {
      served.add(id);
      const kind = (await findSubscription(db, id))?.kind;
      (kind === 'email' ? lanes.mail : lanes.others).push(id);
    }
    const serveAll = async (lane: string[]) => {
      for (let id = lane.shift(); id !== undefined && !signal.aborted; id = lane.shift()) {
        sent += await serve(context, id, signal);
      }
    };
    const workers = Object.values(lanes).flatMap((lane) => Array.from({ length: AT_ONCE }, () => serveAll(lane)));
    await Promise.all(workers);
  }
}

async function serve(context: SubscriptionContext, subscription: string, signal: AbortSignal): Promise<number> {
  let sent = 0;
  for (let turn = 0; turn < MOST_IN_A_ROW && !signal.aborted; turn += 1) {
    const taken = await takeNext(context, subscription);
    if (taken === null) break;
    if (taken === 'dropped') continue;
    await attempt(context, taken, signal);
    sent += 1;
  }
  return sent;
}

async function attempt(context: SubscriptionContext, taken: Taken, signal: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(ATTEMPT_MS);
  const both = AbortSignal.any([signal, timeout]);
  const by = wayOf(taken);
  try {
    await Promise.race([send(context, taken, by, both), whenAborted(both)]);
  } catch (error) {
    if (signal.aborted) await putBack(context, taken);
    else await failed(context, taken, by, error);
    return;
  }
  const { db, clock, delivered } = context;
  await db.write(async (tx) => {
    const now = clock.now();
    const end = { state: 'sent', sent_at: now, payload: null, last_error: null } as const;
    if (!(await finishDelivery(tx, taken, end))) return;
    await hastenRetries(tx, taken.subscription.id, now);
    tx.afterCommit(() => delivered.delivery(by, 'sent'));
  });
}

/** Cut off by the end of the process: nobody's fault, and due again at the next start. */
async function putBack({ db, clock }: SubscriptionContext, taken: Taken): Promise<void> {
  await db.write(async (tx) => {
    await finishDelivery(tx, taken, { state: 'pending', next_at: clock.now(), attempts: taken.attempts - 1 });
  });
}

/** Its owner is asked and told by mail, whatever the subscription itself is by. */
function wayOf({ type, subscription }: Taken): SubscriptionKind {
  return type === 'subscription.confirm' || type === 'subscription.disabled' ? 'email' : subscription.kind;
}

async function send(
  { channels, clock }: SubscriptionContext,
  { id, attempts, createdAt, message, subscription }: Taken,
  by: SubscriptionKind,
  signal: AbortSignal,
): Promise<void> {
  const { target, ownerEmail, kind } = subscription;
  const now = clock.now();
  const delivery = { id, attempt: attempts, at: now, createdAt, signal };
  if (by === 'email') {
    const address = kind === 'email' ? target : (ownerEmail ?? '');
    await channels.email.send(message, { address }, delivery);
  } else if (by === 'webhook') {
    await channels.webhook.send(message, { url: target, secrets: liveSecrets(subscription.secrets, now) }, delivery);
  } else await channels[by].send(message, { url: target }, delivery);
}

async function whenAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new UpstreamError('timeout', 'The attempt did not end in time.', { retry: true }));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return await promise;
}

async function failed(context: SubscriptionContext, taken: Taken, by: SubscriptionKind, error: unknown): Promise<void> {
  const { db, clock, delivered, log } = context;
  const { id, type } = taken;
  const { step, text } = stepAfter(context, taken, by, error);
  const now = clock.now();
  const isRetry = step.step === 'retry';
  log.warn({ delivery: id, kind: by, attempt: taken.attempts, reason: text, again: isRetry }, 'message not delivered');
  await db.write(async (tx) => {
    await lockDeliveries(tx);
    const end = isRetry
      ? ({ state: 'pending', next_at: addMs(now, step.afterMs), last_error: text } as const)
      : ({ state: 'failed', last_error: text } as const);
    if (!(await finishDelivery(tx, taken, end))) return;
    tx.afterCommit(() => delivered.delivery(by, isRetry ? 'retry' : 'failed'));
    const isOwn = type !== 'subscription.confirm' && type !== 'subscription.disabled';
    if (!isRetry && step.disable && isOwn) await disableSubscription(tx, context, taken.subscription, text);
  });
}

function stepAfter(
  { channels, random, log }: SubscriptionContext,
  { attempts, id }: Taken,
  by: SubscriptionKind,
  error: unknown,
): { step: NextStep; text: string } {
  if (!(error instanceof UpstreamError)) {
    // Ours: what cannot be sent as it is will not be sent by trying again, and no target suffers for it.
    if (!(error instanceof AppError)) log.error({ err: error, delivery: id }, 'a message could not be made');
    const text = error instanceof AppError ? error.message : 'The message could not be made.';
    return { step: { step: 'give_up', disable: false }, text: text.slice(0, ERROR_LENGTH) };
  }
  const fault: Fault = channels[by].faultOf(error);
  const { retry, retryAfter, message } = error;
  const step = afterFailure({ retry, fault, ...(retryAfter === undefined ? {} : { retryAfter }) }, attempts, random);
  return { step, text: message.slice(0, ERROR_LENGTH) };
}
