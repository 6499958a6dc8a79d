import { createHash } from 'node:crypto';

/** What a copy cannot answer: forms, searches, sign-in, programs. */
const LEFT_OUT =
  /^\/(api\/(?!v2\/)|admin|account|login|logout|auth|subscribe|subscriptions|preferences|hooks|design)(\/|$)/;

/** Views that links ask for by a query, with their parameters in the order in which a folder is named after them. */
const VIEWS: readonly [path: RegExp, parameters: readonly string[]][] = [
  [/^\/$/, ['region', 'level']],
  [/^\/history$/, ['page']],
  [/^\/availability$/, ['region', 'format']],
  [/^\/facility$/, ['project', 'view', 'format']],
  // Not what is older: each page of that counts against the limit of pages made anew.
  [/^\/components\/[^/]+\/[^/]+$/, ['view']],
];

/** An address of the running program and where a copy has it. */
export interface Place {
  /** What the program is asked for. */
  path: string;
  /** The same without a query: `/history?page=2` stands at `/history/page/2/`. */
  address: string;
}

/** Where a copy has what a link leads to; null: the copy has it not. */
export function placeOf(link: string, prefix: string): Place | null {
  const [whole = ''] = link.replaceAll('&amp;', '&').split('#');
  if (!whole.startsWith(`${prefix}/`) || whole.startsWith('//')) return null;
  const path = whole.slice(prefix.length);
  const [plain = '', query] = path.split('?');
  if (LEFT_OUT.test(plain)) return null;
  if (query === undefined || query === '') return { path: plain, address: plain };
  const given = new URLSearchParams(query);
  const parameters = VIEWS.find(([view]) => view.test(plain))?.[1] ?? [];
  // A search or filter has more answers than anybody could write down.
  if ([...given.keys()].some((name) => !parameters.includes(name))) return null;
  const steps = parameters.flatMap((name) => {
    const value = given.get(name);
    return value === null || value === '' || name === 'format' ? [] : [name, stepOf(value)];
  });
  const folder = [plain.replace(/\/$/, ''), ...steps].join('/');
  const format = given.get('format');
  return { path, address: format === null ? `${folder}/` : `${folder}.${stepOf(format)}` };
}

/** A value as the name of a folder: what file systems or servers read otherwise is told apart by a hash. */
function stepOf(value: string): string {
  const plain = value.replace(/[^\p{L}\p{N}_-]+/gu, '-');
  const hash = () => createHash('sha256').update(value).digest('hex').slice(0, 8);
  return encodeURIComponent(plain === value ? value : `${plain}-${hash()}`);
}

const LINK = /((?:href|src)=")([^"]+)"|url\(["']?([^"')]+)/g;

/** What a page or style leads to. */
export function placesIn(text: string, prefix: string): Place[] {
  return [...text.matchAll(LINK)].flatMap(([, , link, style]) => placeOf(link ?? style ?? '', prefix) ?? []);
}

const ACTION = /(\s(?:form)?action=")([^"]+)(?=")/g;
/** The running program refuses what another origin posts. */
const POSTING = /<form\b[^>]*\smethod="post"[^>]*>.*?<\/form>\n?/gis;

/** A copy, as its pages see it. */
export interface CopyAddresses {
  /** Path before every address of the running program, such as `/status`. */
  prefix: string;
  /** Public address of the running program, with that path. */
  live: string;
  /** Whether the copy has this address. */
  has(address: string): boolean;
}

/** The page with its links led to where the copy has them, and to the running program where it has them not. */
export function withStaticLinks(page: string, copy: CopyAddresses): string {
  const { prefix } = copy;
  const lively = (link: string) =>
    link.startsWith(`${prefix}/`) && !link.startsWith('//') ? `${copy.live}${link.slice(prefix.length)}` : link;
  const linked = page.replace(LINK, (found, begin: string | undefined, link: string | undefined) => {
    if (begin === undefined || link === undefined) return found;
    const place = placeOf(link, prefix);
    if (place === null || !copy.has(place.address)) return `${begin}${lively(link)}"`;
    if (place.path === place.address) return found;
    const [, fragment] = link.split('#');
    return `${begin}${prefix}${place.address}${fragment === undefined ? '' : `#${fragment}`}"`;
  });
  // Files answer no form.
  return linked.replace(POSTING, '').replace(ACTION, (_, begin: string, link: string) => begin + lively(link));
}
