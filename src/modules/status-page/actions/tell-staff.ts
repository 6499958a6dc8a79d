import { type Actor, actorLabel, type Instant, newId, toMs } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { ModuleContext } from '../../../platform/module/index.ts';
import type { Message } from '../../../platform/notifications/index.ts';
import type { StatusPageConfig } from '../config.ts';
import type { IncidentUpdate } from '../domain/incident.ts';
import { isInDomain } from '../domain/mail-domain.ts';
import { type MaintenanceNews, newsOf, type Recipient, recipientsOf } from '../domain/maintenance-news.ts';
import { EVERYTHING, type Subscription } from '../domain/subscription.ts';
import { insertDeliveries, toldOfVersion } from '../store/delivery-store.ts';
import { findStaff } from '../store/subscription-read.ts';
import { insertSubscription, lockDeliveries } from '../store/subscription-store.ts';
import { newDelivery } from './plan-deliveries.ts';
import type { StaffNews, TellStaff } from './staff-news.ts';
import { newLinkToken, targetHash } from './subscription-tokens.ts';

interface StaffMail extends Pick<ModuleContext<StatusPageConfig>, 'config' | 'clock' | 'canMail'> {
  letter(news: StaffNews): Message;
  /** Messages are due: sends them soon, after the commit. */
  wake(): void;
}

const TYPE = 'staff.maintenance';

/** Puts mails into the outbox of the subscriptions, to addresses that nobody had to confirm and nobody can manage. */
export function staffMail(given: StaffMail): TellStaff {
  return async (tx, { by, ...step }) => {
    const account = by.kind === 'user' ? by.id : null;
    const news = newsOf({ ...step, by: { label: actorLabel(by), account } });
    if (news === null || !given.canMail()) return;
    const { maintenance_mail: settings, contact_domains: domains } = given.config();
    const { id: incident, version, contactEmail } = step.after;
    const contact = contactEmail !== null && isInDomain(domains, contactEmail) ? contactEmail : null;
    const recipients = recipientsOf(news, contact, settings);
    if (recipients.length === 0) return;
    await lockDeliveries(tx);
    const now = given.clock.now();
    const told = await toldOfVersion(tx, { incident, version, type: TYPE });
    const { language } = settings;
    const about = { news, language, incident: step.after, by: nameOf(by), text: wordsOf(news, step.update) };
    for (const recipient of recipients) {
      const subscription = await staffSubscription(tx, recipient, { language, now });
      if (told.has(subscription.id)) continue;
      const payload = JSON.stringify(given.letter({ ...about, isReviewer: recipient.isReviewer }));
      await insertDeliveries(tx, [
        newDelivery(subscription, { incident, version, type: TYPE, now, dueAt: now, payload }),
      ]);
    }
    tx.afterCommit(given.wake);
  };
}

function nameOf(by: Actor): string | null {
  return by.kind === 'system' || by.kind === 'anonymous' ? null : by.name;
}

/** States of whose words one side waits for those of the other. What everybody reads is on the page. */
const TOLD_WITH_WORDS: readonly MaintenanceNews['state'][] = ['waits', 'given_back', 'rejected'];

function wordsOf({ state }: MaintenanceNews, update: IncidentUpdate | null): string | null {
  return TOLD_WITH_WORDS.includes(state) ? (update?.text ?? null) : null;
}

/** One for each address, made when it is needed first: what is sent belongs to it, as to those of visitors. */
async function staffSubscription(
  tx: Tx,
  { address }: Recipient,
  { language, now }: { language: Subscription['language']; now: Instant },
): Promise<Subscription> {
  const hash = targetHash('email', address);
  const found = await findStaff(tx, { target: address, targetHash: hash });
  if (found !== null) return found;
  const made: Subscription = {
    id: newId(toMs(now)),
    audience: 'staff',
    kind: 'email',
    target: address,
    targetHash: hash,
    secrets: [],
    ownerEmail: null,
    ownerHash: '',
    language,
    filter: EVERYTHING,
    state: 'active',
    confirmHash: null,
    confirmUntil: null,
    manageToken: newLinkToken(),
    createdAt: now,
    createdBy: 'system:staff-mail',
    confirmedAt: null,
    disabledAt: null,
    disabledReason: null,
    endedAt: null,
  };
  await insertSubscription(tx, made);
  return made;
}
