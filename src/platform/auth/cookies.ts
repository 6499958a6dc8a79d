import type { SiteConfig } from '../config/index.ts';
import { derived, randomText, sameText } from './secrets/random-secret.ts';

export type Cookies = Readonly<Record<string, string>>;

/** `__Host-` cookies cannot be planted by a neighbour; browsers take them only over https and for the whole host. */
function hostOnly(site: SiteConfig): boolean {
  return site.publicUrl.startsWith('https:') && site.basePath === '';
}

export function sessionCookieName(site: SiteConfig): string {
  return hostOnly(site) ? '__Host-signalbox' : 'signalbox_session';
}

function deviceCookieName(site: SiteConfig): string {
  return hostOnly(site) ? '__Host-signalbox-device' : 'signalbox_device';
}

/** `Set-Cookie` that carries a session. */
export function sessionCookie(site: SiteConfig, secret: string, seconds: number): string {
  return setCookie(site, sessionCookieName(site), { value: secret, seconds });
}

/** `Set-Cookie` that takes it away. */
export function noSessionCookie(site: SiteConfig): string {
  return setCookie(site, sessionCookieName(site), { value: '', seconds: 0 });
}

/** The secret of the session cookie, if it can be one. */
export function sessionSecret(site: SiteConfig, cookies: Cookies): string | null {
  const value = cookies[sessionCookieName(site)];
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : null;
}

function flowCookieName(site: SiteConfig): string {
  return hostOnly(site) ? '__Host-signalbox-flow' : 'signalbox_flow';
}

/** `Set-Cookie` that binds a sign-in with a provider to this browser; empty takes it away. */
export function flowCookie(site: SiteConfig, value: string, seconds: number): string {
  return setCookie(site, flowCookieName(site), { value, seconds: value === '' ? 0 : seconds });
}

export function flowCookieIn(site: SiteConfig, cookies: Cookies): string {
  return cookies[flowCookieName(site)] ?? '';
}

const DEVICE_SECONDS = 180 * 24 * 3600;

/** Whose browser it is, as far as the account's password hash can attest it. */
interface Account {
  id: string;
  password_hash: string;
}

/**
 * `Set-Cookie` by which a browser that signed in to an account is known again, so that strangers who use up the
 * account's attempts do not lock its owner out. Made from the password hash: it needs no table and no key, and ends with
 * the password.
 */
export function deviceCookie(site: SiteConfig, account: Account): string {
  const nonce = randomText(10);
  const value = `${nonce}.${deviceMark(account, nonce)}`;
  return setCookie(site, deviceCookieName(site), { value, seconds: DEVICE_SECONDS });
}

/** The browser's own mark if it signed in to this account before; null for a stranger. */
export function knownDevice(site: SiteConfig, cookies: Cookies, account: Account): string | null {
  const [nonce = '', mark = ''] = (cookies[deviceCookieName(site)] ?? '').split('.');
  return /^[a-z2-7]{16}$/.test(nonce) && sameText(mark, deviceMark(account, nonce)) ? nonce : null;
}

function deviceMark(account: Account, nonce: string): string {
  return derived(account.password_hash, `device ${account.id} ${nonce}`);
}

function setCookie(site: SiteConfig, name: string, { value, seconds }: { value: string; seconds: number }): string {
  const path = site.basePath === '' ? '/' : site.basePath;
  const secure = site.publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${name}=${value}; Path=${path}; Max-Age=${Math.floor(seconds)}; HttpOnly; SameSite=Lax${secure}`;
}
