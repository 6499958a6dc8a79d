/** What a setting of the predecessor is here. */
export interface SdbSetting {
  name: string;
  /** Our key; null: it is not needed. */
  key: string | null;
  why: string;
  secret?: true;
}

/** Every setting of the predecessor (specification §18.1), in the order of docs/status-page-migration.md. */
export const SDB_SETTINGS: readonly SdbSetting[] = [
  {
    name: 'SDB_SECRET_KEY',
    key: 'auth.legacy_tokens.secret',
    why: 'It signed sessions and API tokens at once. Only tokens that monitors still use need it here, and only if it has 32 characters; better make them tokens of their own: signalbox token create.',
    secret: true,
  },
  { name: 'SDB_API_PAYLOAD_KEY', key: 'auth.legacy_tokens.payload_key', why: 'Goes with the secret above.' },
  {
    name: 'SDB_SQLALCHEMY_DATABASE_URI',
    key: null,
    why: 'The import reads that database and never writes to it; ours is database.url, a new one.',
    secret: true,
  },
  { name: 'SDB_DATABASE_URI', key: null, why: 'The same under another name.', secret: true },
  {
    name: 'SDB_GITHUB_CLIENT_ID',
    key: null,
    why: 'GitHub is no OpenID Connect provider: put one before it (Keycloak, Dex), or make accounts: signalbox admin create.',
  },
  { name: 'SDB_GITHUB_CLIENT_SECRET', key: null, why: 'Goes with the one above.', secret: true },
  {
    name: 'SDB_OPENID_ISSUER_URL',
    key: 'auth.providers[0].issuer',
    why: 'Exactly as the provider calls itself. Allow the new address to send people back to: <public_url>/auth/openid.',
  },
  { name: 'SDB_OPENID_CLIENT_ID', key: 'auth.providers[0].client_id', why: 'As it is.' },
  { name: 'SDB_OPENID_CLIENT_SECRET', key: 'auth.providers[0].client_secret', why: 'As it is.', secret: true },
  {
    name: 'SDB_OPENID_REQUIRED_GROUP',
    key: 'auth.providers[0].roles.operator',
    why: 'Who is in it may write incidents: the role operator. The catalogue is for administrators; name their group below roles.admin.',
  },
  {
    name: 'SDB_CACHE_TYPE',
    key: null,
    why: 'Pages are kept in memory and made anew when something changes, in every process by itself: there is no cache to configure, and no Redis.',
  },
  { name: 'SDB_CACHE_KEY_PREFIX', key: null, why: 'No Redis.' },
  { name: 'SDB_CACHE_REDIS_HOST', key: null, why: 'No Redis.' },
  { name: 'SDB_CACHE_REDIS_PORT', key: null, why: 'No Redis.' },
  { name: 'SDB_CACHE_REDIS_URL', key: null, why: 'No Redis.', secret: true },
  { name: 'SDB_CACHE_REDIS_PASSWORD', key: null, why: 'No Redis.', secret: true },
  { name: 'SDB_CACHE_DEFAULT_TIMEOUT', key: null, why: 'A change is visible at once; nothing has to run out.' },
  {
    name: 'SDB_SESSION_COOKIE_SECURE',
    key: null,
    why: 'Session cookies are always HttpOnly and SameSite, and Secure whenever http.public_url begins with https.',
  },
  {
    name: 'SDB_INCIDENT_IMPACTS',
    key: null,
    why: "The page's own list of impacts. Here there are always these: 0 maintenance, 1 minor, 2 major, 3 outage. Incidents keep their number and are called by these words; one with another number is left out, and the report names it. status-page.v1_impacts says which of them monitors may report.",
  },
  {
    name: 'SDB_INCIDENT_STATUSES',
    key: null,
    why: "The page's own list of statuses. Here they are fixed: words of all generations become those of today.",
  },
  { name: 'SDB_MAINTENANCE_STATUSES', key: null, why: 'The same for maintenances.' },
];

const OTHER = 'A setting of Flask: there is no such library here. See docs/configuration.md for what can be set.';

/** The setting of this name; any other with the prefix is one of Flask's own. Null: it is not the predecessor's. */
export function sdbSetting(name: string): SdbSetting | null {
  if (!name.startsWith('SDB_')) return null;
  return SDB_SETTINGS.find((setting) => setting.name === name) ?? { name, key: null, why: OTHER };
}

/** `NAME=value` lines as shells, systemd and compose files write them; the last of a name counts. */
export function readEnvironment(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const [, name = '', value = ''] =
      /^\s*(?:export\s+|-\s*)?([A-Za-z_][A-Za-z0-9_]*)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== '') found.set(name, unquoted(value));
  }
  return found;
}

function unquoted(value: string): string {
  const [, quote = '', inside = ''] = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(value) ?? [];
  return quote === '' ? value.replace(/\s+#.*$/, '') : inside;
}
