import { newId, system, toMs } from '../../../core/index.ts';
import { emitAudit } from '../../audit/index.ts';
import type { Storage } from '../context.ts';
import { hashPassword } from '../secrets/password-hash.ts';
import { oneTimePassword } from '../secrets/random-secret.ts';
import { hasUsers } from '../store/user-read.ts';
import { insertUser } from '../store/user-store.ts';
import { type NewPassword, newUser } from './users.ts';

const NAME = 'admin';

/**
 * Makes the account `admin` when there is none at all, and answers its one-time password for the terminal: who reads
 * that owns the machine, and nobody on the network can be faster. Null when there are accounts; of two processes that
 * start together one gets the password.
 */
export async function ensureFirstAdministrator(ctx: Storage): Promise<NewPassword | null> {
  if (await hasUsers(ctx.db)) return null;
  const password = oneTimePassword();
  const hash = await hashPassword(password);
  return ctx.db.write(async (tx) => {
    await tx.lock('auth.administrators');
    if (await hasUsers(tx)) return null;
    const at = ctx.clock.now();
    const id = newId(toMs(at));
    await insertUser(tx, newUser({ id, name: NAME, role: 'admin', email: null, hash, at }));
    const actor = system('first-start');
    await emitAudit(tx, {
      at,
      actor,
      action: 'auth.user_created',
      subject: `user:${NAME}`,
      details: { role: 'admin' },
    });
    return { id, name: NAME, oneTimePassword: password };
  });
}
