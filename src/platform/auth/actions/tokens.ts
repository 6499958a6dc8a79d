import { type Actor, actorLabel, newId, requireRole, SCOPES, type Scope, toMs } from '../../../core/index.ts';
import { emitAudit } from '../../audit/index.ts';
import type { Storage } from '../context.ts';
import { expiryFrom } from '../rules/expiry.ts';
import { label } from '../rules/names.ts';
import { mistake, Refusal } from '../rules/refusal.ts';
import { newTokenText } from '../secrets/token-text.ts';
import { insertToken, markRevoked, tokenById } from '../store/token-store.ts';

/** Makes an API token. The answer is the only time its text is seen. */
export async function createToken(
  ctx: Storage,
  actor: Actor,
  input: { name: string; scopes: readonly string[]; expires?: string | undefined },
): Promise<{ id: string; token: string }> {
  requireRole(actor, 'admin');
  const name = label(input.name);
  const scopes = scopesFrom(input.scopes);
  const at = ctx.clock.now();
  const expiresAt = expiryFrom(at, input.expires);
  const { token, prefix, hash } = newTokenText();
  const id = newId(toMs(at));
  await ctx.db.write(async (tx) => {
    await insertToken(tx, {
      id,
      prefix,
      secret_hash: hash,
      name,
      scopes: scopes.join(' '),
      created_at: at,
      created_by: actorLabel(actor),
      expires_at: expiresAt,
      last_used_at: null,
      revoked_at: null,
    });
    const details = { prefix, scopes, expires: expiresAt };
    await emitAudit(tx, { at, actor, action: 'auth.token_created', subject: `token:${name}`, details });
  });
  return { id, token };
}

export async function revokeToken(ctx: Storage, actor: Actor, id: string): Promise<void> {
  requireRole(actor, 'admin');
  await ctx.db.write(async (tx) => {
    const row = await tokenById(tx, id);
    if (!row) throw new Refusal('not_found', (words) => words.noToken);
    const at = ctx.clock.now();
    if (!(await markRevoked(tx, id, at))) return;
    const details = { prefix: row.prefix };
    await emitAudit(tx, { at, actor, action: 'auth.token_revoked', subject: `token:${row.name}`, details });
  });
}

function scopesFrom(texts: readonly string[]): Scope[] {
  const unknown = texts.find((text) => !SCOPES.some((scope) => scope === text));
  if (unknown === undefined && texts.length > 0) return SCOPES.filter((scope) => texts.includes(scope));
  throw mistake('scopes', (words) => words.badScopes);
}
