import { type Actor, newId, ROLES, type Role, requireRole, toMs } from '../../../core/index.ts';
import { emitAudit } from '../../audit/index.ts';
import type { Tx } from '../../database/index.ts';
import type { Storage } from '../context.ts';
import { emailAddress, folded, userName } from '../rules/names.ts';
import { mistake, Refusal } from '../rules/refusal.ts';
import { hashPassword } from '../secrets/password-hash.ts';
import { oneTimePassword } from '../secrets/random-secret.ts';
import { endResetsOf } from '../store/reset-store.ts';
import type { UserRow } from '../store/schema.ts';
import { deleteSessionsOf } from '../store/session-store.ts';
import { activeAdministrators, userById } from '../store/user-read.ts';
import { insertUser, moveRole, setDisabled, setPassword } from '../store/user-store.ts';
import { lockUser } from './login.ts';

/** An account with a password made for it: shown once, good for choosing another. */
export interface NewPassword {
  id: string;
  name: string;
  password: string;
}

export async function createUser(
  ctx: Storage,
  actor: Actor,
  input: { name: string; role: string; email?: string | undefined },
): Promise<NewPassword> {
  requireRole(actor, 'admin');
  const name = userName(input.name);
  const role = roleOf(input.role);
  const email = emailAddress(input.email);
  const password = oneTimePassword();
  const hash = await hashPassword(password);
  const at = ctx.clock.now();
  const id = newId(toMs(at));
  await ctx.db.write(async (tx) => {
    await insertUser(tx, newUser({ id, name, role, email, hash, at }));
    await emitAudit(tx, { at, actor, action: 'auth.user_created', subject: `user:${name}`, details: { role } });
  });
  return { id, name, password };
}

/** Takes the password away, ends all sessions, and makes a one-time password instead. */
export async function resetPassword(ctx: Storage, actor: Actor, userId: string): Promise<NewPassword> {
  requireRole(actor, 'admin');
  const password = oneTimePassword();
  const hash = await hashPassword(password);
  return ctx.db.write(async (tx) => {
    const at = ctx.clock.now();
    await lockUser(tx, userId);
    const user = await existing(tx, userId);
    requireLocal(user);
    await setPassword(tx, userId, { hash, mustChange: true, at });
    const sessions = await deleteSessionsOf(tx, userId);
    await endResetsOf(tx, userId, at);
    const subject = `user:${user.name}`;
    await emitAudit(tx, { at, actor, action: 'auth.password_reset', subject, details: { sessions } });
    return { id: userId, name: user.name, password };
  });
}

/** What a person may do changes at once: their sessions end. */
export async function changeRole(ctx: Storage, actor: Actor, change: { userId: string; role: string }): Promise<void> {
  requireRole(actor, 'admin');
  const role = roleOf(change.role);
  await ctx.db.write(async (tx) => {
    await lockAdministrators(tx);
    await lockUser(tx, change.userId);
    const user = await existing(tx, change.userId);
    requireLocal(user);
    if (user.role === role) return;
    await moveRole(tx, user.id, { from: user.role, to: role });
    await requireAdministrator(tx);
    await deleteSessionsOf(tx, user.id);
    const details = { from: user.role, to: role };
    const entry = { at: ctx.clock.now(), actor, action: 'auth.role_changed', subject: `user:${user.name}`, details };
    await emitAudit(tx, entry);
  });
}

/** A disabled account cannot sign in and has no sessions; its history stays. */
export async function setUserDisabled(
  ctx: Storage,
  actor: Actor,
  change: { userId: string; disabled: boolean },
): Promise<void> {
  requireRole(actor, 'admin');
  await ctx.db.write(async (tx) => {
    await lockAdministrators(tx);
    await lockUser(tx, change.userId);
    const user = await existing(tx, change.userId);
    const at = ctx.clock.now();
    if (!(await setDisabled(tx, user.id, change.disabled ? at : null))) return;
    await requireAdministrator(tx);
    await deleteSessionsOf(tx, user.id);
    await endResetsOf(tx, user.id, at);
    const action = change.disabled ? 'auth.user_disabled' : 'auth.user_enabled';
    await emitAudit(tx, { at, actor, action, subject: `user:${user.name}` });
  });
}

export function newUser(of: {
  id: string;
  name: string;
  role: Role;
  email: string | null;
  hash: string;
  at: string;
}): UserRow {
  return {
    id: of.id,
    name: of.name,
    name_folded: folded(of.name),
    email: of.email,
    email_folded: of.email === null ? null : folded(of.email),
    role: of.role,
    password_hash: of.hash,
    must_change: 1,
    disabled_at: null,
    created_at: of.at,
    password_changed_at: of.at,
    issuer: null,
    subject: null,
  };
}

function roleOf(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role) return role;
  throw mistake('role', (words) => words.badRole);
}

async function existing(tx: Tx, id: string): Promise<UserRow> {
  const user = await userById(tx, id);
  if (user) return user;
  throw new Refusal('not_found', (words) => words.noUser);
}

/** A provider's account has no password here, and its role is what the provider says at the next sign-in. */
export function requireLocal(user: Pick<UserRow, 'issuer'>): void {
  if (user.issuer !== null) throw new Refusal('conflict', (words) => words.fromProvider);
}

/** Two administrators who demote each other wait for one another, so that one of them stays. */
async function lockAdministrators(tx: Tx): Promise<void> {
  await tx.lock('auth.administrators');
}

async function requireAdministrator(tx: Tx): Promise<void> {
  if ((await activeAdministrators(tx)) > 0) return;
  throw new Refusal('conflict', (words) => words.lastAdministrator);
}
