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

export function siteConfig({ site, http, demo }: Source): SiteConfig {
  const basePath = new URL(http.public_url).pathname.replace(/\/+$/, '');
  return { title: site.title, publicUrl: http.public_url, basePath, timezone: site.timezone, demo };
}
