import { type Actor, actorLabel, type Instant } from '../../core/index.ts';
import type { Tx } from '../database/index.ts';
import { CHAIN_START, entryHash } from './chain.ts';
import { insertEntry, lastLink } from './store/audit-store.ts';

export type AuditDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface AuditEntry {
  at: Instant;
  actor: Actor;
  /** `<part>.<what happened>`, e.g. `auth.role_changed`. */
  action: string;
  /** What it happened to: `<kind>:<name>`, e.g. `user:bob`. */
  subject: string;
  /** What a reader needs beyond that. Never a secret, never something confidential. */
  details?: AuditDetails | undefined;
}

const LONGEST_SUBJECT = 300;
const LONGEST_DETAILS = 8000;
const SECRET_NAME = /password|secret|authorization|cookie|^(api_?)?(token|key)$|hash$/i;
const SECRET_VALUE = /sbx_[a-z2-7]+_|glpat-|-----BEGIN|\$argon2/;

/**
 * Writes what was done in the transaction that does it: without the entry there is no change. Call it last in the
 * transaction, since entries are chained one after the other and the next writer waits for this transaction's end.
 */
export async function emitAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  const details = detailsText(entry.details ?? {});
  await tx.lock('audit');
  const last = await lastLink(tx);
  const row = {
    position: (last?.position ?? 0) + 1,
    at: entry.at,
    actor: actorLabel(entry.actor),
    actor_id: entry.actor.kind === 'user' || entry.actor.kind === 'token' ? entry.actor.id : null,
    action: entry.action,
    subject: entry.subject.slice(0, LONGEST_SUBJECT).toWellFormed().replaceAll('\u0000', '\ufffd'),
    details,
    previous_hash: last?.hash ?? CHAIN_START,
  };
  insertEntry(tx, { ...row, hash: entryHash(row) });
}

/** Refuses what looks like a secret, because an audit log is read by many and kept for ever. */
function detailsText(details: AuditDetails): string {
  for (const [name, value] of Object.entries(details)) {
    const text = Array.isArray(value) ? value.join(' ') : String(value);
    if (SECRET_NAME.test(name) || SECRET_VALUE.test(text)) {
      throw new Error(`The audit detail "${name}" looks like a secret and is not written.`);
    }
  }
  const text = JSON.stringify(details).toWellFormed();
  if (text.length > LONGEST_DETAILS) throw new Error('Audit details are longer than 8,000 characters.');
  return text;
}
