export type { Auth, Provider } from './auth-section.ts';
export { ConfigHolder, type Reload } from './config-holder.ts';
export { type Environment, environment } from './environment.ts';
export { undescribedKeys } from './keys.ts';
export {
  type Config,
  configFile,
  type LoadOptions,
  type LoadResult,
  loadConfig,
  requireConfig,
  type Sections,
} from './load-config.ts';
export { configMarkdown } from './publish/configuration-page.ts';
export { exampleYaml } from './publish/example-yaml.ts';
export { configJsonSchema } from './publish/json-schema.ts';
export { nearest } from './read/did-you-mean.ts';
export { type Mistake, mistakesText } from './read/mistake.ts';
export type { YamlMistake, YamlReason } from './read/yaml-mistake.ts';
export { readYaml } from './read/yaml-source.ts';
export type { Availability, Data, Egress, Http, Log, Retention, Site, Smtp } from './sections.ts';
export { type SiteConfig, siteConfig } from './site.ts';
export {
  isMailAddress,
  type ListenAddress,
  networkRange,
  secret,
  timeZone,
  webAddress,
} from './values.ts';
