import { type Clock, newId, type Role, system, toMs } from '../../../core/index.ts';
import { emitAudit } from '../../audit/index.ts';
import type { Provider } from '../../config/index.ts';
import type { Tx } from '../../database/index.ts';
import { NOBODYS_HASH } from '../secrets/password-hash.ts';
import { secretHash } from '../secrets/random-secret.ts';
import { isNameTaken, updateFromProvider, userByIdentity } from '../store/provider-user-store.ts';
import type { UserRow } from '../store/schema.ts';
import { deleteSessionsOf } from '../store/session-store.ts';
import { insertUser } from '../store/user-store.ts';
import { lockUser } from './login.ts';
import { newUser } from './users.ts';

/** Somebody as a provider vouches for them. */
export interface ProviderPerson {
  provider: Provider;
  subject: string;
  /** What the provider calls them: data, not yet a name here. */
  name: string;
  role: Role;
}

export type ProviderUser = Pick<UserRow, 'id' | 'name' | 'role' | 'disabled_at'>;

/**
 * The account of this person, made at the first time. It is found by issuer and subject and by nothing else: an address
 * or a name that a local account has too means nothing. Its name and role become what the provider says today; when the
 * role changes, the sessions that had the old one end.
 */
export async function accountFor(tx: Tx, clock: Clock, person: ProviderPerson): Promise<ProviderUser> {
  const identity = { issuer: person.provider.issuer, subject: person.subject };
  await tx.lock(`auth.identity.${secretHash(JSON.stringify(identity))}`);
  const found = await userByIdentity(tx, identity);
  if (!found) return await newAccount(tx, clock, person);
  // Whoever disables the account meanwhile is waited for.
  await lockUser(tx, found.id);
  const known = (await userByIdentity(tx, identity)) ?? found;
  const name = await nameFor(tx, person, known.id);
  if (known.disabled_at !== null || (known.name === name && known.role === person.role)) return known;
  await updateFromProvider(tx, known.id, { name, role: person.role });
  if (known.role !== person.role) {
    await deleteSessionsOf(tx, known.id);
    const details = { from: known.role, to: person.role };
    await emitAudit(tx, { ...by(person, clock), action: 'auth.role_changed', subject: `user:${name}`, details });
  }
  return { ...known, name, role: person.role };
}

async function newAccount(tx: Tx, clock: Clock, person: ProviderPerson): Promise<ProviderUser> {
  const at = clock.now();
  const id = newId(toMs(at));
  const { role } = person;
  const name = await nameFor(tx, person, id);
  const { issuer } = person.provider;
  const row = newUser({ id, name, role, email: null, hash: NOBODYS_HASH, at });
  await insertUser(tx, { ...row, must_change: 0, issuer, subject: person.subject });
  const details = { role, provider: person.provider.id };
  await emitAudit(tx, { ...by(person, clock), action: 'auth.user_created', subject: `user:${name}`, details });
  return { id, name, role, disabled_at: null };
}

function by({ provider }: ProviderPerson, clock: Clock) {
  return { at: clock.now(), actor: system(`provider ${provider.id}`) };
}

/** With the provider behind it, which no local name can have, so that nobody calls themselves as somebody else. */
async function nameFor(tx: Tx, { name, provider, subject }: ProviderPerson, id: string): Promise<string> {
  const plain = `${name} (${provider.id})`;
  if (!(await isNameTaken(tx, plain, id))) return plain;
  return `${name} (${provider.id} ${secretHash(subject).slice(0, 8)})`;
}
