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
