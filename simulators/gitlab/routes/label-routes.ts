import { isProject, type Label, type Project } from '../model.ts';
import { json } from '../server/exchange.ts';
import { type Api, projectOf, type Route, requireRole } from './api.ts';
import { ApiFailure, json400, notFound } from './api-failure.ts';
import { paginate } from './paging.ts';

export const labelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/labels',
    scope: 'anyone',
    handle(api) {
      const project = projectOf(api);
      const inherited = api.input.flag('include_ancestor_groups') ?? true;
      const search = api.input.text('search')?.toLowerCase() ?? '';
      const counts = api.input.flag('with_counts') ?? false;
      const rows = api.world
        .labelsOf(project, { inherited })
        .filter((label) => label.title.toLowerCase().includes(search));
      return paginate(api, rows, (label) => labelJson(api, project, label, counts));
    },
  },
  {
    method: 'POST',
    path: '/projects/:id/labels',
    scope: 'write',
    handle(api) {
      const project = projectOf(api);
      requireRole(api, project, 'planner');
      const [title, color] = [api.input.text('name'), api.input.text('color')];
      if (title === undefined || color === undefined) {
        const missing = [title === undefined && 'name is missing', color === undefined && 'color is missing'];
        throw json400({ error: missing.filter((text) => text !== false).join(', ') });
      }
      if (api.world.labelsOf(project).some((label) => label.title === title)) {
        throw new ApiFailure(409, { message: 'Label already exists' });
      }
      const description = api.input.nullableText('description') ?? null;
      const priority = api.input.integer('priority') ?? null;
      const made = { title: checkedTitle(title), color: checkedColor(color), description, priority };
      return json(201, labelJson(api, project, api.world.addLabel(project, made), true));
    },
  },
  {
    method: 'GET',
    path: '/projects/:id/labels/:label',
    scope: 'anyone',
    handle(api) {
      const project = projectOf(api);
      return json(200, labelJson(api, project, labelOf(api, project), true));
    },
  },
  {
    method: 'PUT',
    path: '/projects/:id/labels/:label',
    scope: 'write',
    handle(api) {
      const project = projectOf(api);
      requireRole(api, project, 'planner');
      const label = labelOf(api, project);
      const [title, color] = [api.input.text('new_name'), api.input.text('color')];
      const description = api.input.nullableText('description');
      const priority = api.input.integer('priority');
      if (label.kind === 'project') {
        if (title !== undefined) label.title = checkedTitle(title);
        if (color !== undefined) label.color = checkedColor(color);
        if (description !== undefined) label.description = description;
      }
      if (priority !== undefined) label.priorities.set(project.id, priority);
      label.updatedAt = api.world.now();
      return json(200, labelJson(api, project, label, true));
    },
  },
  {
    method: 'DELETE',
    path: '/projects/:id/labels/:label',
    scope: 'write',
    handle(api) {
      const project = projectOf(api);
      requireRole(api, project, 'planner');
      const label = labelOf(api, project);
      if (label.owner !== project) throw notFound('Label Not Found');
      api.world.removeLabel(label);
      return { status: 204, headers: {}, body: '' };
    },
  },
];

function labelOf(api: Api, project: Project): Label {
  const wanted = api.params['label'] ?? '';
  const label = api.world.labelsOf(project).find(({ id, title }) => String(id) === wanted || title === wanted);
  if (label === undefined) throw notFound('Label Not Found');
  return label;
}

function checkedTitle(title: string): string {
  if (title.trim() === '' || title.length > 255 || title.includes(',')) {
    throw json400({ message: { title: ['is invalid'] } });
  }
  return title.trim();
}

const NAMED_COLORS: Readonly<Record<string, string>> = {
  red: '#FF0000',
  green: '#008000',
  blue: '#0000FF',
  crimson: '#DC143C',
};

function checkedColor(color: string): string {
  const known = NAMED_COLORS[color.toLowerCase()] ?? color;
  if (!/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(known))
    throw json400({ message: { color: ['must be a valid color code'] } });
  return known;
}

function labelJson(api: Api, project: Project, label: Label, counts: boolean) {
  return {
    ...labelDetails(label),
    ...(counts && countsOf(api, project, label)),
    subscribed: false,
    priority: label.priorities.get(project.id) ?? null,
    is_project_label: isProject(label.owner),
  };
}

/** What an issue list with `with_labels_details` says of a label. */
export function labelDetails(label: Label) {
  return {
    id: label.id,
    name: label.title,
    description: label.description,
    description_html: label.description ?? '',
    text_color: textColor(label.color),
    color: label.color,
  };
}

function countsOf(api: Api, project: Project, label: Label) {
  const using = api.world.issuesOf(project).filter((issue) => issue.labels.includes(label));
  const open = using.filter((issue) => issue.state === 'opened').length;
  return { open_issues_count: open, closed_issues_count: using.length - open, open_merge_requests_count: 0 };
}

/** Black on light grounds, white on dark ones. */
export function textColor(color: string): string {
  const digits = color.length === 4 ? color.slice(1).replace(/./g, '$&$&') : color.slice(1);
  const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
  return (red ?? 0) + (green ?? 0) + (blue ?? 0) > 500 ? '#1F1E24' : '#FFFFFF';
}
