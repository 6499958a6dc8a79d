import { type Role, system } from '../../src/core/index.ts';
import { createUser } from '../../src/platform/auth/index.ts';
import type { TestApp } from './start-app.ts';

export interface Person {
  name: string;
  password: string;
  /** What the browser sends along. */
  headers: { cookie: string };
  /** The hidden field of the forms on a page. */
  csrf(path?: string): Promise<string>;
  /** Sends a form as our own page would. */
  send(path: string, fields: Readonly<Record<string, string>>): Promise<Response>;
}

let made = 0;

/** A new account that has chosen its password, without a session. */
export async function account(box: TestApp, role: Role): Promise<{ name: string; password: string }> {
  made += 1;
  const { id, name, password } = await createUser(box.app, system('test'), { name: `${role}${made}`, role });
  await box.app.db.write((tx) =>
    tx
      .for<{ auth_user: { id: string; must_change: number } }>()
      .updateTable('auth_user')
      .set({ must_change: 0 })
      .where('id', '=', id)
      .execute(),
  );
  return { name, password };
}

export async function signIn(box: TestApp, role: Role): Promise<Person> {
  const { name, password } = await account(box, role);
  const answer = await postForm(box, '/login', { name, password });
  const cookie = cookiesOf(answer);
  if (!cookie.includes('session')) throw new Error(`${name} could not sign in: ${answer.status}`);
  const headers = { cookie };
  const csrf = async (path = '/account') => csrfOf(await (await fetch(box.url + path, { headers })).text());
  return {
    name,
    password,
    headers,
    csrf,
    send: async (path, fields) => await postForm(box, path, { csrf: await csrf(), ...fields }, headers),
  };
}

export async function postForm(
  box: Pick<TestApp, 'url'>,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return await fetch(box.url + path, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
    headers: { 'sec-fetch-site': 'same-origin', ...headers },
  });
}

export function csrfOf(page: string): string {
  return /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
}

/** What a browser keeps of an answer and sends back. */
export function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
}
