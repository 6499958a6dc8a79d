import assert from 'node:assert/strict';
import { type Person, signIn } from '../../../../../test/support/people.ts';
import type { TestAppOptions } from '../../../../../test/support/start-app.ts';
import type { Role } from '../../../../core/index.ts';
import { type PageWorld, pageWorld } from '../page-world.cases.ts';

export type Fields = Readonly<Record<string, string | readonly string[]>>;

export interface Sent {
  status: number;
  body: string;
  location: string | null;
}

/** The program with one person of each role who writes or may not. */
export interface StaffWorld extends PageWorld {
  people: Readonly<Record<Role, Person>>;
  /** Opens a page as somebody. */
  open(path: string, as?: Role): Promise<Sent>;
  /** Sends a form as the page of that person would. */
  send(path: string, fields: Fields, as?: Role): Promise<Sent>;
  /** The same with whatever headers and token. */
  post(path: string, fields: Fields, headers?: Readonly<Record<string, string>>): Promise<Sent>;
  /** The number of the incident that a sent form leads to. */
  made(sent: Sent): number;
}

export const A = 'status-page/obs-reg1';
export const B = 'status-page/obs-reg2';
export const C = 'status-page/vm-reg1';

/** machine-driven: only tests call it. */
export async function staffWorld(options: TestAppOptions = {}): Promise<StaffWorld> {
  const world = await pageWorld(options);
  const people = {
    viewer: await signIn(world, 'viewer'),
    reporter: await signIn(world, 'reporter'),
    creator: await signIn(world, 'creator'),
    operator: await signIn(world, 'operator'),
    admin: await signIn(world, 'admin'),
  };
  const ask = async (path: string, init: RequestInit): Promise<Sent> => {
    const answer = await fetch(world.url + path, { redirect: 'manual', ...init });
    return { status: answer.status, body: await answer.text(), location: answer.headers.get('location') };
  };
  const post: StaffWorld['post'] = async (path, fields, headers = {}) => {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
    return await ask(path, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin', ...headers } });
  };
  return {
    ...world,
    people,
    open: async (path, as = 'operator') => await ask(path, { headers: people[as].headers }),
    send: async (path, fields, as = 'operator') =>
      await post(path, { csrf: await people[as].csrf(), ...fields }, people[as].headers),
    post,
    made: ({ status, location, body }) => {
      assert.equal(status, 303, /<div class="note.*/.exec(body)?.[0]);
      const id = /\/incidents\/(\d+)$/.exec(location ?? '')?.[1];
      assert.ok(id, `${String(location)} leads to no incident`);
      return Number(id);
    },
  };
}

/** What stands in a field of a page: typed before, or chosen. */
export function valueOf(body: string, name: string): string | undefined {
  const input = new RegExp(`<input type="[a-z-]+"[^>]*? name="${name}"[^>]*? value="([^"]*)"`).exec(body)?.[1];
  if (input !== undefined) return plain(input);
  const area = new RegExp(`<textarea [^>]*?name="${name}"[^>]*>\\n?([^<]*)</textarea>`).exec(body)?.[1];
  if (area !== undefined) return plain(area);
  const choices = new RegExp(`<select [^>]*?name="${name}"[^>]*>(.*?)</select>`, 's').exec(body)?.[1] ?? '';
  const chosen = /<option value="([^"]*)" selected>/.exec(choices)?.[1];
  return chosen === undefined ? undefined : plain(chosen);
}

/** Components that are ticked. */
export function ticked(body: string, name = 'components'): string[] {
  return [...body.matchAll(/<input type="checkbox"[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => tag.includes(`name="${name}"`) && tag.includes(' checked'))
    .map((tag) => plain(/ value="([^"]*)"/.exec(tag)?.[1] ?? 'on'));
}

/** The sentence beside a field. */
export function mistakeAt(body: string, id: string): string | undefined {
  const sentence = new RegExp(`<p class="mistake" id="${id}-error">([^<]*)</p>`).exec(body)?.[1];
  return sentence === undefined ? undefined : plain(sentence);
}

export function plain(markup: string): string {
  return markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
