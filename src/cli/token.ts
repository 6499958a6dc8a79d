import { SCOPES, system } from '../core/index.ts';
import { createToken, listTokens, revokeToken, tokenState } from '../platform/auth/index.ts';
import { CONFIG_AND_JSON, readArguments, showUsage } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { withData } from './open-data.ts';

const USAGE = `Usage: signalbox token create --name NAME --scope SCOPE [--scope SCOPE …] [--expires 90d] [--json]
       signalbox token list [--json]
       signalbox token revoke <id>

create  makes an API token and prints it, once. Scopes: ${SCOPES.join(', ')}.
        It lives for ever, or as long as --expires says: 12h, 90d, 4w, 1y.
list    shows all tokens with their last use
revoke  ends a token at once

All take --config FILE and work while the server runs.`;

/** Whoever may run this owns the data. */
const ACTOR = system('command-line');

export const command: Command = {
  name: 'token',
  summary: 'Make, list and revoke API tokens',
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, {
      ...CONFIG_AND_JSON,
      name: { type: 'string' },
      scope: { type: 'string', multiple: true },
      expires: { type: 'string' },
    });
    const [verb, id, ...rest] = positionals;
    if (!values.help && rest.length === 0) {
      if (verb === 'create' && id === undefined && values.name !== undefined) {
        return await create({ ...values, name: values.name }, io);
      }
      if (verb === 'list' && id === undefined) return await list(values, io);
      if (verb === 'revoke' && id !== undefined) return await revoke(values.config, id, io);
    }
    return showUsage(io, USAGE, values.help);
  },
};

interface Asked {
  config?: string | undefined;
  json?: boolean | undefined;
}

async function create(
  asked: Asked & { name: string; scope?: string[] | undefined; expires?: string | undefined },
  io: Io,
): Promise<number> {
  return withData(asked.config, async (data) => {
    const { name, scope = [], expires } = asked;
    const made = await createToken(data, ACTOR, { name, scopes: scope, expires });
    if (asked.json) io.print(JSON.stringify(made));
    else {
      io.print(made.token);
      io.error(`Its id is ${made.id}. The token is shown once: keep it where only its user can read it.`);
    }
    return 0;
  });
}

async function list(asked: Asked, io: Io): Promise<number> {
  return withData(asked.config, async ({ db, clock }) => {
    const now = clock.now();
    const tokens = (await listTokens(db)).map((row) => ({
      id: row.id,
      name: row.name,
      prefix: `sbx_${row.prefix}_…`,
      scopes: row.scopes.split(' '),
      state: tokenState(row, now),
      created_at: row.created_at,
      created_by: row.created_by,
      expires_at: row.expires_at,
      last_used_at: row.last_used_at,
      revoked_at: row.revoked_at,
    }));
    if (asked.json) io.print(JSON.stringify(tokens));
    else {
      for (const token of tokens) {
        const used = token.last_used_at === null ? 'never used' : `used ${token.last_used_at}`;
        io.print([token.id, token.prefix, token.state.padEnd(7), token.scopes.join(','), used, token.name].join('  '));
      }
    }
    return 0;
  });
}

async function revoke(config: string | undefined, id: string, io: Io): Promise<number> {
  return withData(config, async (data) => {
    await revokeToken(data, ACTOR, id);
    io.print(`Token ${id} is revoked.`);
    return 0;
  });
}
