import { type Clock, newId, system, toMs } from '../../../core/index.ts';
import { emitAudit } from '../../audit/index.ts';
import type { Database } from '../../database/index.ts';
import { hashPassword } from '../secrets/password-hash.ts';
import { oneTimePassword } from '../secrets/random-secret.ts';
import { hasUsers } from '../store/user-read.ts';
import { insertUser } from '../store/user-store.ts';
import { type NewPassword, newUser } from './users.ts';

const NAME = 'admin';

/**
 * Makes the account `admin` when there is none at all, and answers its one-time password for the terminal: who reads
 * that owns the machine, and nobody on the network can be faster. Null when there are accounts; of two processes that
 * start together one gets the password. With `keep` it need not be changed at the first sign-in: for the demo.
 */
export async function ensureFirstAdministrator(
  db: Database,
  clock: Clock,
  options: { keep?: boolean } = {},
): Promise<NewPassword | null> {
  if (await hasUsers(db)) return null;
  const password = oneTimePassword();
  const hash = await hashPassword(password);
  return db.write(async (tx) => {
    await tx.lock('auth.administrators');
    if (await hasUsers(tx)) return null;
    const at = clock.now();
    const id = newId(toMs(at));
    const user = newUser({ id, name: NAME, role: 'admin', email: null, hash, at });
    await insertUser(tx, options.keep ? { ...user, must_change: 0 } : user);
    const actor = system('first-start');
    await emitAudit(tx, {
      at,
      actor,
      action: 'auth.user_created',
      subject: `user:${NAME}`,
      details: { role: 'admin' },
    });
    return { id, name: NAME, password };
  });
}
