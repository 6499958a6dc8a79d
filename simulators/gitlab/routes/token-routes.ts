import { json } from '../server/exchange.ts';
import { GITLAB_VERSION } from '../webhooks/hook-sender.ts';
import { type Api, actor, type Route } from './api.ts';
import { unauthorized } from './api-failure.ts';
import { userJson } from './issue-json.ts';

export const tokenRoutes: readonly Route[] = [
  { method: 'GET', path: '/personal_access_tokens/self', scope: 'self', handle: (api) => json(200, tokenJson(api)) },
  {
    method: 'GET',
    path: '/user',
    scope: 'read',
    handle: (api) => json(200, { ...userJson(api.world, actor(api)), bot: true, locked: false }),
  },
  {
    method: 'GET',
    path: '/version',
    scope: 'read',
    handle: () => json(200, { version: GITLAB_VERSION, revision: '0f4d2a6c1b3' }),
  },
];

function tokenJson(api: Api) {
  const { token } = api;
  if (token === null) throw unauthorized();
  return {
    id: token.id,
    name: token.name,
    revoked: token.revoked,
    created_at: token.createdAt,
    description: null,
    scopes: token.scopes,
    user_id: token.user.id,
    last_used_at: token.lastUsedAt,
    active: true,
    expires_at: token.expiresAt,
  };
}
