import { ACCESS_LEVELS, type Project, pathOf, VISIBILITY_LEVELS } from '../model.ts';
import { json } from '../server/exchange.ts';
import { type Api, hasRole, maySee, projectOf, type Route, roleIn } from './api.ts';
import { paginate, paginateByKey } from './paging.ts';

export const projectRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects',
    scope: 'anyone',
    handle(api) {
      const membership = api.input.flag('membership') ?? false;
      const search = api.input.text('search')?.toLowerCase() ?? '';
      const level = api.input.integer('min_access_level') ?? 0;
      const rows = api.world.projects.filter(
        (project) =>
          maySee(api, project) &&
          (!membership || hasRole(api, project, 'guest')) &&
          (level === 0 || accessLevel(api, project) >= level) &&
          `${project.name} ${pathOf(project)}`.toLowerCase().includes(search),
      );
      const show = (project: Project) => projectJson(api, project);
      if (api.input.text('pagination') === 'keyset') return paginateByKey(api, rows, show);
      return paginate(api, [...rows].reverse(), show);
    },
  },
  {
    method: 'GET',
    path: '/projects/:id',
    scope: 'anyone',
    handle: (api) => json(200, projectJson(api, projectOf(api))),
  },
];

function accessLevel(api: Api, project: Project): number {
  const role = roleIn(api, project);
  return role === null ? 0 : ACCESS_LEVELS[role];
}

function projectJson(api: Api, project: Project) {
  const { baseUrl } = api.world;
  const path = pathOf(project);
  const level = accessLevel(api, project);
  const open = api.world.issuesOf(project).filter((issue) => issue.state === 'opened').length;
  return {
    id: project.id,
    description: project.description,
    name: project.name,
    name_with_namespace: `${project.group.name} / ${project.name}`,
    path: project.path,
    path_with_namespace: path,
    created_at: project.createdAt,
    default_branch: project.defaultBranch,
    tag_list: [],
    topics: [],
    ssh_url_to_repo: `git@${new URL(baseUrl).hostname}:${path}.git`,
    http_url_to_repo: `${baseUrl}/${path}.git`,
    web_url: `${baseUrl}/${path}`,
    avatar_url: null,
    star_count: 0,
    last_activity_at: project.lastActivityAt,
    visibility: project.visibility,
    visibility_level: VISIBILITY_LEVELS[project.visibility],
    namespace: {
      id: project.group.id,
      name: project.group.name,
      path: project.group.path,
      kind: 'group',
      full_path: project.group.path,
      parent_id: null,
      avatar_url: null,
      web_url: `${baseUrl}/groups/${project.group.path}`,
    },
    _links: {
      self: `${baseUrl}/api/v4/projects/${project.id}`,
      issues: `${baseUrl}/api/v4/projects/${project.id}/issues`,
    },
    archived: false,
    empty_repo: false,
    issues_enabled: true,
    issues_access_level: 'enabled',
    open_issues_count: open,
    ...(api.token !== null && {
      permissions: {
        project_access: level === 0 ? null : { access_level: level, notification_level: 3 },
        group_access: null,
      },
    }),
  };
}
