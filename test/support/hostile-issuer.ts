import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  SignJWT,
  UnsecuredJWT,
} from 'jose';

export type Claims = Record<string, unknown>;

/** How the next id token is made; what is absent is as it should be. */
export interface Forgery {
  /** Put over the right claims; undefined takes one away. */
  claims?: Claims;
  header?: Record<string, unknown>;
  signedWith?: 'own key' | 'unpublished key' | 'public key as HS256' | 'client secret as HS256' | 'none';
  userinfo?: unknown;
}

export interface HostileIssuer extends AsyncDisposable {
  url: string;
  forge: Forgery;
  /** Parameters of the authorization request it was sent last. */
  asked: URLSearchParams;
  /** Requests that reached it, as method and path. */
  requests: string[];
  /** A token as its own code would give it, for `nonce` if one is given. */
  token(forgery?: Forgery, nonce?: string): Promise<string>;
  /** Begins to sign with another key, under another kid. */
  rotate(): Promise<void>;
}

/** An issuer on a real socket that answers every code with what the test wants to get past us. */
export async function startHostileIssuer(
  options: { clientId?: string; clientSecret?: string; metadata?: Claims } = {},
): Promise<HostileIssuer> {
  const { clientId = 'signalbox', clientSecret = 'the secret of the hostile client' } = options;
  let own = await newKey();
  const other = await newKey();
  const issuer = { url: '', forge: {} as Forgery, asked: new URLSearchParams(), requests: [] as string[] };

  async function token(forgery: Forgery = {}, nonce?: string): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const claims: Claims = {
      ...{ iss: issuer.url, aud: clientId, sub: 'mallory', iat: now, exp: now + 300, groups: ['operators'] },
      ...(nonce === undefined ? {} : { nonce }),
      ...forgery.claims,
    };
    for (const name of Object.keys(claims)) if (claims[name] === undefined) delete claims[name];
    const sign = (key: CryptoKey | Uint8Array, alg: string, kid: string) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid, ...forgery.header }).sign(key);
    const bytes = (text: string) => new TextEncoder().encode(text);
    switch (forgery.signedWith ?? 'own key') {
      case 'none':
        return new UnsecuredJWT(claims).encode();
      case 'public key as HS256':
        return await sign(bytes(own.pem), 'HS256', own.kid);
      case 'client secret as HS256':
        return await sign(bytes(clientSecret), 'HS256', own.kid);
      case 'unpublished key':
        return await sign(other.key, 'RS256', other.kid);
      case 'own key':
        return await sign(own.key, 'RS256', own.kid);
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer.url);
    issuer.requests.push(`${request.method ?? ''} ${url.pathname}`);
    const json = (body: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration') return void json(metadata(issuer.url, options.metadata));
    if (url.pathname === '/keys') return void json({ keys: [own.jwk] });
    if (url.pathname === '/userinfo') return void json(issuer.forge.userinfo ?? { sub: 'mallory' });
    if (url.pathname === '/token') {
      const id_token = await token(issuer.forge, issuer.asked.get('nonce') ?? undefined);
      return void json({ access_token: 'of no use', token_type: 'Bearer', id_token });
    }
    response.writeHead(404).end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  issuer.url = `http://127.0.0.1:${address.port}`;
  return Object.assign(issuer, {
    token,
    rotate: async () => {
      own = await newKey();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function metadata(url: string, more: Claims = {}): Claims {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    userinfo_endpoint: `${url}/userinfo`,
    jwks_uri: `${url}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    // It offers what nobody should take.
    id_token_signing_alg_values_supported: ['none', 'HS256', 'RS256'],
    ...more,
  };
}

async function newKey(): Promise<{ key: CryptoKey; jwk: JWK; kid: string; pem: string }> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { key: privateKey, jwk: { ...jwk, kid, use: 'sig' }, kid, pem: await exportSPKI(publicKey) };
}
