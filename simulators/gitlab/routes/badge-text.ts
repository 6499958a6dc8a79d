import { type Badge, type Project, pathOf } from '../model.ts';

/** Fills the placeholders of a badge's URL for the project on whose page it stands. */
export function fillPlaceholders(text: string, project: Project, baseUrl: string): string {
  const values: Readonly<Record<string, string>> = {
    project_path: pathOf(project),
    project_title: project.name,
    project_name: project.path,
    project_id: String(project.id),
    project_namespace: project.group.path,
    group_name: project.group.path.split('/')[0] ?? '',
    gitlab_server: new URL(baseUrl).host,
    gitlab_pages_domain: `pages.${new URL(baseUrl).hostname}`,
    default_branch: project.defaultBranch,
    commit_sha: '0'.repeat(40),
    latest_tag: '',
  };
  return text.replace(/%\{([a-z_]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export function badgeJson(badge: Badge, project: Project, baseUrl: string) {
  return {
    name: badge.name,
    link_url: badge.linkUrl,
    image_url: badge.imageUrl,
    rendered_link_url: fillPlaceholders(badge.linkUrl, project, baseUrl),
    rendered_image_url: fillPlaceholders(badge.imageUrl, project, baseUrl),
    id: badge.id,
    kind: badge.kind,
  };
}

/** What GitLab says of a URL it does not take; null: it takes it. Placeholders count as text. */
export function urlMistake(url: string): string | null {
  const filled = url.replace(/%\{[a-z_]+\}/g, 'x');
  if (!URL.canParse(filled)) return 'is blocked: URI is invalid';
  return /^https?:$/.test(new URL(filled).protocol) ? null : 'is blocked: Only allowed schemes are http, https';
}
