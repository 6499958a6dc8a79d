export type { Asset } from './assets.ts';
export type { Authenticated, Authenticator } from './authenticator.ts';
export type { ReadyCheck } from './health.ts';
export { ownPath } from './preferences.ts';
export { createHttpServer, type HttpOptions, type HttpServer, type RateLimits } from './server.ts';
export type {
  Answer,
  ApiOptions,
  ApiRequest,
  EventStream,
  FormAnswer,
  Page,
  PageOptions,
  RawRequest,
  Theme,
  Visit,
  Web,
} from './web.ts';
