import type { Badge, Project } from '../model.ts';
import { json } from '../server/exchange.ts';
import { type Api, projectOf, type Route, requireRole } from './api.ts';
import { forbidden, json400, noRecord } from './api-failure.ts';
import { badgeJson, fillPlaceholders, urlMistake } from './badge-text.ts';
import { paginate } from './paging.ts';

const LONGEST_NAME = 255;

export const badgeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/badges',
    scope: 'anyone',
    handle(api) {
      const project = projectOf(api);
      const name = api.input.text('name');
      const rows = api.world.badgesOf(project).filter((badge) => name === undefined || badge.name === name);
      return paginate(api, rows, (badge) => badgeJson(badge, project, api.world.baseUrl));
    },
  },
  {
    method: 'GET',
    path: '/projects/:id/badges/render',
    scope: 'read',
    handle(api) {
      const project = adminProject(api);
      const { linkUrl, imageUrl } = newUrls(api);
      return json(200, {
        link_url: linkUrl,
        image_url: imageUrl,
        rendered_link_url: fillPlaceholders(linkUrl, project, api.world.baseUrl),
        rendered_image_url: fillPlaceholders(imageUrl, project, api.world.baseUrl),
      });
    },
  },
  {
    method: 'GET',
    path: '/projects/:id/badges/:badge',
    scope: 'anyone',
    handle(api) {
      const project = projectOf(api);
      return json(200, badgeJson(badgeOf(api, project), project, api.world.baseUrl));
    },
  },
  {
    method: 'POST',
    path: '/projects/:id/badges',
    scope: 'write',
    handle(api) {
      const project = adminProject(api);
      const urls = newUrls(api);
      const name = checkedName(api.input.nullableText('name') ?? null);
      return json(201, badgeJson(api.world.addBadge(project, { ...urls, name }), project, api.world.baseUrl));
    },
  },
  {
    method: 'PUT',
    path: '/projects/:id/badges/:badge',
    scope: 'write',
    handle(api) {
      const project = adminProject(api);
      const badge = ownBadge(api, project);
      const [linkUrl, imageUrl] = [api.input.text('link_url'), api.input.text('image_url')];
      const name = api.input.nullableText('name');
      checkUrls({ link_url: linkUrl ?? badge.linkUrl, image_url: imageUrl ?? badge.imageUrl });
      badge.linkUrl = linkUrl ?? badge.linkUrl;
      badge.imageUrl = imageUrl ?? badge.imageUrl;
      if (name !== undefined) badge.name = checkedName(name);
      return json(200, badgeJson(badge, project, api.world.baseUrl));
    },
  },
  {
    method: 'DELETE',
    path: '/projects/:id/badges/:badge',
    scope: 'write',
    handle(api) {
      api.world.removeBadge(ownBadge(api, adminProject(api)));
      return { status: 204, headers: {}, body: '' };
    },
  },
];

function adminProject(api: Api): Project {
  const project = projectOf(api);
  requireRole(api, project, 'maintainer');
  return project;
}

function badgeOf(api: Api, project: Project): Badge {
  const badge = api.world.badgesOf(project).find(({ id }) => String(id) === api.params['badge']);
  if (badge === undefined) throw noRecord();
  return badge;
}

/** A group's badge shows on the project and belongs to the group. */
function ownBadge(api: Api, project: Project): Badge {
  const badge = badgeOf(api, project);
  if (badge.kind === 'group') throw forbidden();
  return badge;
}

function newUrls(api: Api): { linkUrl: string; imageUrl: string } {
  const [linkUrl, imageUrl] = [api.input.text('link_url'), api.input.text('image_url')];
  if (linkUrl === undefined || imageUrl === undefined) {
    const missing = [linkUrl === undefined && 'link_url is missing', imageUrl === undefined && 'image_url is missing'];
    throw json400({ error: missing.filter((text) => text !== false).join(', ') });
  }
  checkUrls({ link_url: linkUrl, image_url: imageUrl });
  return { linkUrl, imageUrl };
}

function checkUrls(urls: Record<string, string>): void {
  const mistakes = Object.entries(urls).flatMap(([name, url]) => {
    const mistake = urlMistake(url);
    return mistake === null ? [] : [[name, [mistake]] as const];
  });
  if (mistakes.length > 0) throw json400({ message: Object.fromEntries(mistakes) });
}

function checkedName(name: string | null): string | null {
  if (name === null || name.length <= LONGEST_NAME) return name;
  throw json400({ message: { name: [`is too long (maximum is ${LONGEST_NAME} characters)`] } });
}
