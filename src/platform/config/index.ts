export { type Environment, environment } from './environment.ts';
export type { SiteConfig } from './site.ts';
