/** What every page needs to know of the installation; parsed from the sections `site` and `http`. */
export interface SiteConfig {
  title: string;
  /** Base of every absolute URL, without a slash at the end. */
  publicUrl: string;
  /** Path part of publicUrl, '' or '/status'; every route and link is under it. */
  basePath: string;
  /** IANA zone in which days begin and times are shown without JavaScript. */
  timezone: string;
  /** True in the demo: pages say so. */
  demo: boolean;
}

interface Source {
  readonly site: { readonly title: string; readonly timezone: string };
  readonly http: { readonly public_url: string };
  readonly demo: boolean;
}

const made = new WeakMap<Source, SiteConfig>();

/** Made once of each configuration: a request asks for it several times. */
export function siteConfig(source: Source): SiteConfig {
  const known = made.get(source);
  if (known) return known;
  const { site, http, demo } = source;
  const basePath = new URL(http.public_url).pathname.replace(/\/+$/, '');
  const { title, timezone } = site;
  const config: SiteConfig = { title, publicUrl: http.public_url, basePath, timezone, demo };
  made.set(source, config);
  return config;
}
