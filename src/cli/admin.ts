import { AppError, ROLES, system } from '../core/index.ts';
import { verifyAudit } from '../platform/audit/index.ts';
import { createUser, findUserId, listUsers, type NewPassword, resetPassword } from '../platform/auth/index.ts';
import { CONFIG_AND_JSON, readArguments, showUsage } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { withData } from './open-data.ts';

const USAGE = `Usage: signalbox admin create <name> [--role ${ROLES.join('|')}] [--email ADDRESS] [--json]
       signalbox admin reset <name> [--json]
       signalbox admin list [--json]
       signalbox admin audit [--json]

create  makes an account (role admin unless told otherwise) and prints its one-time password
reset   takes the password away, ends all sessions, prints a one-time password
list    shows the accounts
audit   walks the chain of the audit log; ends with 1 at the first entry that is missing or altered

All take --config FILE and work while the server runs.`;

/** Whoever may run this owns the data. */
const ACTOR = system('command-line');

export const command: Command = {
  name: 'admin',
  summary: 'Make accounts, reset passwords, check the audit log',
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, {
      ...CONFIG_AND_JSON,
      role: { type: 'string' },
      email: { type: 'string' },
    });
    const [verb, name, ...rest] = positionals;
    const wanted = verb === 'create' || verb === 'reset' ? name !== undefined : name === undefined;
    const known = verb !== undefined && Object.hasOwn(VERBS, verb) && wanted && rest.length === 0;
    const work = known ? VERBS[verb] : undefined;
    if (values.help || !work) return showUsage(io, USAGE, values.help);
    return await work({ ...values, name: name ?? '' }, io);
  },
};

interface Asked {
  config?: string | undefined;
  role?: string | undefined;
  email?: string | undefined;
  json?: boolean | undefined;
  name: string;
}

const VERBS: Readonly<Record<string, ((asked: Asked, io: Io) => Promise<number>) | undefined>> = {
  create: (asked, io) =>
    withData(asked.config, async (data) => {
      const { name, email, role = 'admin' } = asked;
      return printPassword(await createUser(data, ACTOR, { name, role, email }), asked, io);
    }),
  reset: (asked, io) =>
    withData(asked.config, async (data) => {
      const id = await findUserId(data.db, asked.name);
      if (id === undefined) {
        throw new AppError('not_found', `There is no account "${asked.name}". signalbox admin list shows them.`);
      }
      return printPassword(await resetPassword(data, ACTOR, id), asked, io);
    }),
  list: (asked, io) => withData(asked.config, async ({ db }) => printUsers(await listUsers(db), asked, io)),
  audit: (asked, io) =>
    withData(asked.config, async ({ db }) => {
      const verdict = await verifyAudit(db);
      if (asked.json) io.print(JSON.stringify(verdict));
      else if (verdict.intact) io.print(`${verdict.entries} entries, none missing or altered. Head: ${verdict.head}`);
      else io.print(`Broken at entry ${verdict.position}: ${verdict.reason}.`);
      return verdict.intact ? 0 : 1;
    }),
};

function printPassword({ id, name, password }: NewPassword, asked: Asked, io: Io): number {
  if (asked.json) io.print(JSON.stringify({ id, name, password }));
  else {
    io.print(`Sign in: ${name} ${password}`);
    io.error('This password is shown once and has to be changed at the first sign-in.');
  }
  return 0;
}

function printUsers(users: Awaited<ReturnType<typeof listUsers>>, asked: Asked, io: Io): number {
  if (asked.json) {
    io.print(JSON.stringify(users));
    return 0;
  }
  for (const user of users) {
    const state = user.disabled_at !== null ? 'disabled' : user.must_change === 1 ? 'one-time password' : 'active';
    io.print([user.name.padEnd(24), user.role.padEnd(9), state.padEnd(18), user.email ?? ''].join(' ').trimEnd());
  }
  return 0;
}
