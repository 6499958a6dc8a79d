import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Turns } from './turns.ts';

const argon2Async = promisify(argon2);

interface Parameters {
  /** KiB. */
  memory: number;
  passes: number;
  parallelism: number;
}

/** Second of the equal choices in OWASP's password storage advice: 19 MiB, two passes. */
const CURRENT: Parameters = { memory: 19 * 1024, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** More at once would take the memory and the thread pool from everything else. */
const turns = new Turns(2, 40);

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/**
 * Verified against when there is no such user, so that the answer takes as long. No password fits: its hash is not the
 * result of anything.
 */
export const NOBODYS_HASH = phc(CURRENT, Buffer.alloc(SALT_BYTES, 1), Buffer.alloc(HASH_BYTES));

/** The argon2id hash of a password as a PHC string, which holds salt and parameters. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return phc(CURRENT, salt, await derive(password, { ...CURRENT, salt, length: HASH_BYTES }));
}

/** `outdated`: it fits, and was hashed with other parameters than today's. */
export async function verifyPassword(kept: string, password: string): Promise<{ fits: boolean; outdated: boolean }> {
  const match = PHC.exec(kept);
  if (!match) throw new Error('A stored password hash is not an argon2id PHC string.');
  const [, memory, passes, parallelism, salt = '', hash = ''] = match;
  const used = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const expected = Buffer.from(hash, 'base64');
  const derivedHash = await derive(password, { ...used, salt: Buffer.from(salt, 'base64'), length: expected.length });
  const fits = timingSafeEqual(derivedHash, expected);
  const same =
    used.memory === CURRENT.memory && used.passes === CURRENT.passes && used.parallelism === CURRENT.parallelism;
  return { fits, outdated: fits && !same };
}

/** The same password typed on another keyboard may be composed of other code points: NFKC makes them one. */
function derive(password: string, use: Parameters & { salt: Uint8Array; length: number }): Promise<Buffer> {
  const { memory, passes, parallelism, salt, length } = use;
  const message = Buffer.from(password.normalize('NFKC'), 'utf8');
  return turns.run(() =>
    argon2Async('argon2id', { message, nonce: salt, parallelism, tagLength: length, memory, passes }),
  );
}

function phc({ memory, passes, parallelism }: Parameters, salt: Uint8Array, hash: Uint8Array): string {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(hash)}`;
}
