import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import type { CookieBrowser } from './cookie-browser.ts';
import { freePort } from './free-port.ts';

export interface TestProvider extends AsyncDisposable {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What it says of people, by login name; tests change it between sign-ins. */
  people: Map<string, Record<string, unknown>>;
  /** Types a name and a password into its page, and says yes to what it asks next. */
  signIn(browser: CookieBrowser, login: string): Promise<Response>;
  stop(): Promise<void>;
}

export interface TestProviderOptions {
  port?: number;
  redirectUris: readonly string[];
  postLogoutRedirectUris?: readonly string[];
  /** True: claims stand in the id token, not only at userinfo. */
  claimsInIdToken?: boolean;
}

const CLIENT = { client_id: 'signalbox', client_secret: 'a-secret-of-the-test-provider' };

/** A certified OpenID Connect provider on a socket of its own, with the pages by which it asks people who they are. */
export async function startOidcProvider(options: TestProviderOptions): Promise<TestProvider> {
  const port = options.port ?? (await freePort());
  const issuer = `http://127.0.0.1:${port}`;
  const people: TestProvider['people'] = new Map();
  const provider = new Provider(issuer, {
    clients: [
      {
        ...CLIENT,
        redirect_uris: options.redirectUris,
        post_logout_redirect_uris: options.postLogoutRedirectUris ?? [],
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username', 'name'], email: ['email'], groups: ['groups'] },
    conformIdTokenClaims: options.claimsInIdToken !== true,
    cookies: { keys: ['a key for cookies of the test'] },
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, ...people.get(id) }),
    }),
  });
  const handle = provider.callback();
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    issuer,
    clientId: CLIENT.client_id,
    clientSecret: CLIENT.client_secret,
    people,
    signIn: async (browser, login) => {
      await browser.submit({ login, password: 'any' });
      return await browser.submit();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
