export type { Authenticated, Authenticator } from './authenticator.ts';
export { csvAnswer } from './csv.ts';
export type { Asset, HttpOptions, RateLimits, ReadyCheck } from './parts.ts';
export { ownPath } from './preferences.ts';
export { createHttpServer, type HttpServer } from './server.ts';
export type {
  Answer,
  ApiOptions,
  ApiRequest,
  Compatible,
  DescribedFile,
  EventStream,
  FormAnswer,
  Page,
  PageOptions,
  RawRequest,
  Theme,
  Visit,
  Web,
} from './web.ts';
