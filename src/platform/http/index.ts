export type {
  Answer,
  ApiOptions,
  ApiRequest,
  EventStream,
  FormAnswer,
  Page,
  PageOptions,
  RawRequest,
  Visit,
  Web,
} from './web.ts';
