export type { SiteConfig } from './site.ts';
