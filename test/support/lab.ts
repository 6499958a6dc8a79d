import { randomUUID } from 'node:crypto';
import { type GitlabSimulator, type Project, startGitlabSimulator } from '../../simulators/gitlab/index.ts';
import { systemClock } from '../../src/core/index.ts';
import { startApp, type TestApp, type TestAppOptions } from './start-app.ts';
import { until } from './until.ts';

export const HOOK_TOKEN = 'the-hook-token-of-this-lab';

/** The whole program with a GitLab that knows it. */
export interface Lab extends AsyncDisposable {
  gitlab: GitlabSimulator;
  project: Project;
  box: TestApp;
  /** Secrets that nothing outside may show. */
  secrets: string[];
  /** The body of a page of ours. */
  text(path: string, init?: RequestInit): Promise<string>;
  /** What a device's badge says. */
  word(key: string): Promise<string>;
  /** The level everybody sees of it. */
  level(key: string): Promise<string>;
  /** Everything that happened so far has had its consequences. */
  settled(): Promise<void>;
}

export interface LabOptions {
  labels?: readonly string[];
  integration?: Readonly<Record<string, unknown>>;
  configured?: Readonly<Record<string, unknown>>;
  app?: TestAppOptions;
  /** False: no webhook, only readings. */
  hook?: boolean;
}

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const gitlab = await startGitlabSimulator({ clock: systemClock });
  gitlab.world.addGroup({ path: 'lab', name: 'Lab' });
  const project = gitlab.world.addProject({ path: 'lab/desk', id: 301, visibility: 'public' });
  const labels = ['CRITICAL', 'Information', 'Logbook', ...(options.labels ?? ['D:Krios', 'D:Talos'])];
  for (const title of labels) gitlab.world.addLabel(project, { title, color: '#009966' });
  const { secret } = gitlab.world.addToken({ role: 'maintainer', scopes: ['api'], projects: [project] });
  const integration = { id: 'lab', url: gitlab.url, token: secret, hook_token: HOOK_TOKEN, ...options.integration };
  const { values, ...rest } = options.app ?? {};
  const box = await startApp({
    ...rest,
    values: {
      ...values,
      facility: {
        integrations: [integration],
        projects: [{ integration: 'lab', project: 301, coalesce_window: '0s', ...options.configured }],
      },
    },
  });
  if (options.hook !== false) gitlab.world.addHook(project, { url: `${box.url}/hooks/gitlab/lab`, token: HOOK_TOKEN });
  const text = async (path: string, init?: RequestInit) => await (await fetch(box.url + path, init)).text();
  const lab: Lab = {
    gitlab,
    project,
    box,
    secrets: [secret, HOOK_TOKEN],
    text,
    word: async (key) => /<title>([^<]*)/.exec(await text(`/badges/${key}.svg`))?.[1] ?? '',
    level: async (key) => (JSON.parse(await text(`/api/components/${key}`)) as { level: string }).level,
    settled: () => settled(box, gitlab),
    [Symbol.asyncDispose]: async () => {
      await box.stop();
      await gitlab.close();
    },
  };
  await until(
    'GitLab is read',
    async () => (await box.app.components.rows({ kind: 'system', name: 'test' })).length > 0,
  );
  await lab.settled();
  return lab;
}

async function settled(box: TestApp, gitlab: GitlabSimulator): Promise<void> {
  await gitlab.hooks.idle();
  await until('nothing is left to do', async () => {
    const open = await box.app.db
      .for<{ facility_project: { id: string; claim: string | null; dirty_seq: number; done_seq: number } }>()
      .selectFrom('facility_project')
      .select(['claim', 'dirty_seq', 'done_seq'])
      .execute();
    return open.every(({ claim, dirty_seq, done_seq }) => claim === null && dirty_seq === done_seq);
  });
  await box.app.journal.drain();
}

/** The body of an issue event as GitLab sends it. */
export function issueEvent(issue: {
  id: number;
  title?: string;
  labels?: readonly string[];
  state?: 'opened' | 'closed';
  confidential?: boolean;
  updatedAt?: string;
}): Record<string, unknown> {
  const { id, title = `Issue ${id}`, labels = [], state = 'opened', confidential = false } = issue;
  return {
    object_kind: 'issue',
    event_type: confidential ? 'confidential_issue' : 'issue',
    project: { id: 301, path_with_namespace: 'lab/desk' },
    object_attributes: {
      id,
      iid: id,
      title,
      state,
      confidential,
      updated_at: issue.updatedAt ?? new Date().toISOString(),
      url: `https://gitlab.test/lab/desk/-/issues/${id}`,
    },
    labels: labels.map((label) => ({ title: label })),
  };
}

/** Headers of a delivery with the right token; `more` replaces or adds. */
export function hookHeaders(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-gitlab-event': 'Issue Hook',
    'x-gitlab-token': HOOK_TOKEN,
    'idempotency-key': randomUUID(),
    ...more,
  };
}
