import { HOOK_FLAGS, type Hook, type Project } from '../model.ts';
import { json } from '../server/exchange.ts';
import { isSigningToken } from '../webhooks/signature.ts';
import { type Api, projectOf, type Route, requireRole, takeFrom } from './api.ts';
import { ApiFailure, json400, noRecord } from './api-failure.ts';
import { deliveryJson, hookJson, selectDeliveries } from './hook-json.ts';
import { paginate } from './paging.ts';

const MOST_HOOKS = 100;
/** GitLab shows at most so many deliveries per page. */
const MOST_DELIVERIES = 20;

export const hookRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/hooks',
    scope: 'read',
    handle(api) {
      const project = adminProject(api);
      return paginate(api, hooksOf(api, project), (hook) => hookJson(api, hook));
    },
  },
  {
    method: 'POST',
    path: '/projects/:id/hooks',
    scope: 'write',
    handle(api) {
      const project = adminProject(api);
      const url = api.input.text('url');
      if (url === undefined) throw json400({ error: 'url is missing' });
      const urlVariables = pairs(api, 'url_variables') ?? [];
      checkUrl(url, urlVariables);
      if (hooksOf(api, project).length >= MOST_HOOKS) {
        throw new ApiFailure(422, { message: `Maximum number of project hooks (${MOST_HOOKS}) exceeded` });
      }
      const flags = HOOK_FLAGS.filter((flag) => api.input.flag(flag) ?? flag === 'push_events');
      const hook = api.world.addHook(project, { url, flags, urlVariables });
      applySettings(api, hook);
      return json(201, hookJson(api, hook));
    },
  },
  {
    method: 'GET',
    path: '/projects/:id/hooks/:hook',
    scope: 'read',
    handle: (api) => json(200, hookJson(api, hookOf(api))),
  },
  {
    method: 'PUT',
    path: '/projects/:id/hooks/:hook',
    scope: 'write',
    handle(api) {
      const hook = hookOf(api);
      const url = api.input.text('url') ?? hook.url;
      const urlVariables = pairs(api, 'url_variables') ?? hook.urlVariables;
      checkUrl(url, urlVariables);
      hook.url = url;
      hook.urlVariables = urlVariables;
      for (const flag of HOOK_FLAGS) hook.flags[flag] = api.input.flag(flag) ?? hook.flags[flag];
      applySettings(api, hook);
      return json(200, hookJson(api, hook));
    },
  },
  {
    method: 'DELETE',
    path: '/projects/:id/hooks/:hook',
    scope: 'write',
    handle(api) {
      api.world.removeHook(hookOf(api));
      return { status: 204, headers: {}, body: '' };
    },
  },
  {
    method: 'GET',
    path: '/projects/:id/hooks/:hook/events',
    scope: 'read',
    handle(api) {
      const rows = selectDeliveries(api.hooks.deliveriesOf(hookOf(api)), api.input);
      return paginate(api, rows, deliveryJson, MOST_DELIVERIES);
    },
  },
  {
    method: 'POST',
    path: '/projects/:id/hooks/:hook/events/:event/resend',
    scope: 'write',
    async handle(api) {
      const hook = hookOf(api);
      takeFrom(api.limits.hookResends, api);
      const delivery = api.hooks.deliveriesOf(hook).find(({ id }) => String(id) === api.params['event']);
      if (delivery === undefined) throw noRecord();
      const { responseStatus } = await api.hooks.resend(hook, delivery);
      return json(201, { response_status: responseStatus ?? 'internal error' });
    },
  },
  {
    method: 'POST',
    path: '/projects/:id/hooks/:hook/test/:trigger',
    scope: 'write',
    async handle(api) {
      const hook = hookOf(api);
      takeFrom(api.limits.hookTests, api);
      const trigger = HOOK_FLAGS.find((flag) => flag === api.params['trigger']);
      if (trigger === undefined) throw json400({ error: 'trigger does not have a valid value' });
      const delivery = await api.hooks.test(hook, trigger);
      if (typeof delivery === 'string') throw new ApiFailure(422, { message: delivery });
      const status = delivery.responseStatus;
      if (status !== null && status >= 200 && status < 300) return json(201, { message: '201 Created' });
      throw new ApiFailure(422, { message: delivery.error ?? delivery.responseBody });
    },
  },
];

function adminProject(api: Api): Project {
  const project = projectOf(api);
  requireRole(api, project, 'maintainer');
  return project;
}

function hooksOf(api: Api, project: Project): Hook[] {
  return api.world.hooks.filter((hook) => hook.project === project);
}

function hookOf(api: Api): Hook {
  const hook = hooksOf(api, adminProject(api)).find(({ id }) => String(id) === api.params['hook']);
  if (hook === undefined) throw noRecord();
  return hook;
}

function checkUrl(url: string, variables: Hook['urlVariables']): void {
  const filled = variables.reduce((text, { key, value }) => text.replaceAll(`{${key}}`, value), url);
  if (!URL.canParse(filled) || !/^https?:$/.test(new URL(filled).protocol)) {
    throw new ApiFailure(422, { message: 'Invalid url given' });
  }
}

function pairs(api: Api, name: string): { key: string; value: string }[] | undefined {
  return api.input.objects(name)?.map(({ key, value }) => ({ key: String(key), value: String(value) }));
}

/** What both making and changing a hook may set. */
function applySettings(api: Api, hook: Hook): void {
  const token = api.input.nullableText('token');
  const signingToken = api.input.nullableText('signing_token');
  if (typeof signingToken === 'string' && !isSigningToken(signingToken)) {
    throw new ApiFailure(422, { message: { signing_token: ['must be whsec_ followed by 32 bytes in Base64'] } });
  }
  if (token !== undefined) hook.token = token;
  if (signingToken !== undefined) hook.signingToken = signingToken;
  hook.name = api.input.nullableText('name') ?? hook.name;
  hook.description = api.input.nullableText('description') ?? hook.description;
  hook.customHeaders = pairs(api, 'custom_headers') ?? hook.customHeaders;
  hook.sslVerification = api.input.flag('enable_ssl_verification') ?? hook.sslVerification;
}
