import type { JWTVerifyGetKey } from 'jose';
import type * as openidClient from 'openid-client';
import type { Provider } from '../../config/index.ts';

type Library = typeof openidClient;

/** A provider whose metadata was read: what signing in and checking its tokens needs. */
export interface ProviderClient {
  readonly openid: Library;
  readonly configuration: openidClient.Configuration;
  /** Its published keys, by kid; read again when a token names an unknown one. */
  readonly keys: JWTVerifyGetKey;
}

/** Asymmetric ones only. With HS256 whoever has the client secret, or a public key taken for one, could make tokens. */
export const ALGORITHMS: readonly string[] = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

const TIMEOUT_SECONDS = 5;

/** How a provider that answers is not the one that was configured. */
export class UnfitProvider extends Error {
  override readonly name = 'UnfitProvider';
}

/** Reads the metadata. The libraries are loaded here: an installation without a provider never pays for them. */
export async function connectProvider(provider: Provider): Promise<ProviderClient> {
  const [openid, jose] = await Promise.all([import('openid-client'), import('jose')]);
  // The configuration takes http for this machine only.
  const isHttp = provider.issuer.startsWith('http:');
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const allowHttp = (one: openidClient.Configuration) => openid.allowInsecureRequests(one);
  const found = await openid.discovery(new URL(provider.issuer), provider.client_id, undefined, openid.None(), {
    timeout: TIMEOUT_SECONDS,
    // The library compares with its own function, so it has to be that one.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    execute: isHttp ? [openid.allowInsecureRequests] : [],
  });
  const { supportsPKCE: _, ...metadata } = found.serverMetadata();
  if (metadata.issuer !== provider.issuer) {
    throw new UnfitProvider(`It calls itself "${metadata.issuer}": write the issuer exactly so.`);
  }
  const { jwks_uri: keysUrl } = metadata;
  if (keysUrl === undefined) throw new UnfitProvider('It publishes no keys (jwks_uri).');
  if (!isHttp && !keysUrl.startsWith('https:')) throw new UnfitProvider('Its keys are not behind https.');
  const offered = metadata.id_token_signing_alg_values_supported ?? ['RS256'];
  const pinned = offered.filter((name) => ALGORITHMS.includes(name));
  if (pinned.length === 0) throw new UnfitProvider(`It signs with ${offered.join(', ')}, none of which is accepted.`);
  const configuration = new openid.Configuration(
    { ...metadata, id_token_signing_alg_values_supported: pinned },
    provider.client_id,
    {},
    clientAuth(openid, provider, metadata.token_endpoint_auth_methods_supported),
  );
  configuration.timeout = TIMEOUT_SECONDS;
  if (isHttp) allowHttp(configuration);
  // Without it the library trusts the connection to the token endpoint and looks at no signature.
  openid.enableNonRepudiationChecks(configuration);
  const keys = jose.createRemoteJWKSet(new URL(keysUrl), { timeoutDuration: TIMEOUT_SECONDS * 1000 });
  return { openid, configuration, keys };
}

function clientAuth(openid: Library, provider: Provider, methods: readonly string[] | undefined) {
  if (provider.client_secret === undefined) return openid.None();
  // Basic is what the specification says when nothing is said; post has no rules of escaping that servers get wrong.
  return methods?.includes('client_secret_post') === true
    ? openid.ClientSecretPost(provider.client_secret)
    : openid.ClientSecretBasic(provider.client_secret);
}

/** True for a failure that has nothing to do with who signs in: no connection, no answer in time, a broken server. */
export function isUnreachable(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 6; cause = cause.cause, depth += 1) {
    if (cause.name === 'TimeoutError' || cause.message === 'fetch failed') return true;
    const code = 'code' in cause ? String(cause.code) : '';
    if (code === 'OAUTH_TIMEOUT' || code === 'ERR_JWKS_TIMEOUT' || code === 'ERR_JOSE_GENERIC') return true;
    if (cause.cause instanceof Response && cause.cause.status >= 500) return true;
  }
  return false;
}

/** The reason in one line for the log: no token, no code, nothing that the other side could choose freely. */
export function reasonOf(error: unknown): string {
  const parts: string[] = [];
  for (let cause = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth += 1) {
    const code = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
    parts.push(`${cause.message}${code}`);
  }
  return parts.join(': ').slice(0, 300);
}
