import { stringify } from 'yaml';
import { sdbSetting } from '../modules/status-page/index.ts';

export interface SdbReading {
  /** The part of signalbox.yaml that says the same; empty when nothing does. */
  yaml: string;
  /** What every setting became, and why. */
  lines: string[];
  /** Address of the database, if one is named. */
  database: string | null;
}

const LEAST_SECRET = 32;

/** What an environment of the predecessor means here. Secrets are named and never repeated. */
export function readSdb(environment: ReadonlyMap<string, string>): SdbReading {
  const value = (name: string) => environment.get(name) || undefined;
  const lines = [...environment.keys()].sort().flatMap((name) => {
    const setting = sdbSetting(name);
    if (setting === null) return [];
    return [`${name} → ${setting.key ?? 'not needed'}. ${setting.why}`];
  });
  const auth = { ...providersOf(value), ...legacyOf(value, lines) };
  const secrets = secretsIn(auth);
  if (secrets.length > 0) {
    lines.push(
      `${secrets.join(' and ')} must be set for the server and its commands: "set -a; . ./FILE; set +a" in a shell, EnvironmentFile= in its unit; or write them into files, see docs/status-page-migration.md.`,
    );
  }
  const yaml = Object.keys(auth).length === 0 ? '' : stringify({ auth }, { lineWidth: 0 });
  return { yaml, lines, database: value('SDB_SQLALCHEMY_DATABASE_URI') ?? value('SDB_DATABASE_URI') ?? null };
}

/** The variables that the printed section refers to. */
function secretsIn(section: unknown): string[] {
  return [...JSON.stringify(section).matchAll(/\$\{(SDB_\w+)\}/g)].map(([, name = '']) => name);
}

type Value = (name: string) => string | undefined;

function providersOf(value: Value): { providers?: unknown[] } {
  const [issuer, clientId] = [value('SDB_OPENID_ISSUER_URL'), value('SDB_OPENID_CLIENT_ID')];
  if (issuer === undefined || clientId === undefined) return {};
  const group = value('SDB_OPENID_REQUIRED_GROUP');
  const hasSecret = value('SDB_OPENID_CLIENT_SECRET') !== undefined;
  const provider = {
    id: 'openid',
    label: 'OpenID Connect',
    issuer,
    client_id: clientId,
    ...(hasSecret ? { client_secret: `\${SDB_OPENID_CLIENT_SECRET}` } : {}),
    ...(group === undefined ? {} : { roles_claim: 'groups', roles: { operator: [group] } }),
  };
  return { providers: [provider] };
}

function legacyOf(value: Value, lines: string[]): { legacy_tokens?: unknown } {
  const secret = value('SDB_SECRET_KEY');
  if (secret === undefined) return {};
  if (secret.length < LEAST_SECRET) {
    lines.push(
      `SDB_SECRET_KEY has ${secret.length} characters, fewer than ${LEAST_SECRET}: anybody could guess it, so its tokens are not accepted. Give monitors new ones: signalbox token create --scope signals:write.`,
    );
    return {};
  }
  lines.push(
    'legacy_tokens.require_expiry is false below, since the predecessor asked for no expiry: a token that got lost is good for ever. Give monitors new tokens soon, then remove legacy_tokens.',
  );
  const payloadKey = value('SDB_API_PAYLOAD_KEY');
  return {
    legacy_tokens: {
      secret: `\${SDB_SECRET_KEY}`,
      ...(payloadKey === undefined ? {} : { payload_key: payloadKey }),
      require_expiry: false,
    },
  };
}
