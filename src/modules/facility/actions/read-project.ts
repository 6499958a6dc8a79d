import type { GitLab, Issue, Project } from '../../../connectors/gitlab/index.ts';
import { AppError, type Instant } from '../../../core/index.ts';
import type { ProjectSettings } from '../config.ts';
import type { ActualBadge } from '../domain/badge-plan.ts';
import type { ProjectLabel } from '../domain/device-roster.ts';
import type { OpenIssue } from '../domain/device-state.ts';
import type { ProjectRow } from '../store/project-store.ts';

export interface ProjectFacts {
  gitlabId: number;
  path: string;
  title: string;
  webUrl: string;
  visibility: string;
}

/** Everything of a project that decides anything, read in one go. */
export interface Reading {
  /** When it began: what GitLab did later may be missing. */
  at: Instant;
  project: ProjectFacts;
  labels: ProjectLabel[];
  issues: OpenIssue[];
  /** Null: badges are switched off. */
  badges: ActualBadge[] | null;
}

type Known = Pick<ProjectRow, 'gitlab_id' | 'path' | 'title' | 'web_url' | 'visibility'>;

/** Reads all pages of everything; an error anywhere is an error of the whole. */
export async function readProject(
  gitlab: GitLab,
  settings: ProjectSettings,
  options: { at: Instant; known?: Known | undefined; signal?: AbortSignal | undefined },
): Promise<Reading> {
  const { at, known, signal } = options;
  const project = factsOf(known) ?? projectFacts(await gitlab.project(known?.gitlab_id ?? settings.project, signal));
  const labels = await gitlab.labels(project.gitlabId, signal);
  const issues = await gitlab.openIssues(project.gitlabId, signal);
  const badges = settings.badges === 'off' ? null : await readBadges(gitlab, project.gitlabId, signal);
  return {
    at,
    project,
    labels: labels.map(({ id, name, color, priority }) => ({ id, name, colour: color, priority: priority ?? null })),
    issues: issues.map(openIssue),
    badges,
  };
}

export async function readBadges(gitlab: GitLab, project: number, signal?: AbortSignal): Promise<ActualBadge[]> {
  const badges = await gitlab.badges(project, signal);
  return badges.map(({ id, name, image_url: imageUrl, link_url: linkUrl, kind }) => ({
    id,
    name: name ?? null,
    imageUrl,
    linkUrl,
    kind: kind ?? null,
  }));
}

/** What is remembered of a project saves asking for it again at each event. */
function factsOf(known: Known | undefined): ProjectFacts | null {
  if (known === undefined) return null;
  const { gitlab_id: gitlabId, path, title, web_url: webUrl, visibility } = known;
  if (gitlabId === null || path === null || title === null || webUrl === null || visibility === null) return null;
  return { gitlabId, path, title, webUrl, visibility };
}

function projectFacts(project: Project): ProjectFacts {
  const webUrl = project.web_url.replace(/\/+$/, '');
  if (!/^https?:\/\//i.test(webUrl)) throw new AppError('unavailable', 'GitLab tells no web address of the project.');
  return {
    gitlabId: project.id,
    path: project.path_with_namespace,
    title: project.name,
    webUrl,
    visibility: project.visibility,
  };
}

function openIssue(issue: Issue): OpenIssue {
  const { id, confidential, labels, updated_at: updatedAt, due_date: dueOn } = issue;
  const shown = confidential
    ? { iid: null, title: null, url: null, dueOn: null }
    : { iid: issue.iid, title: issue.title, url: issue.web_url, dueOn };
  return { id, ...shown, confidential, labels, updatedAt };
}
