import type { Web } from '../../../platform/http/index.ts';
import type { ComponentsContext } from '../actions/components-context.ts';
import { type ApiParts, registerComponentsApi } from './components-api.ts';
import { registerSignalsApi } from './signals-api.ts';
import type { ComponentStream } from './stream.ts';

/** Everything under /api that this module answers. */
export function registerApi(web: Web, parts: ApiParts & { context: ComponentsContext; stream: ComponentStream }): void {
  registerSignalsApi(web, parts.context);
  registerComponentsApi(web, parts);
  parts.stream.register(web);
}
