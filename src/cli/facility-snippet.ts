import { join } from 'node:path';
import { stringify } from 'yaml';

interface SnippetParts {
  integration: string;
  url: string;
  project: number | string;
  files: SecretFiles;
}

export interface SecretFiles {
  token: string;
  hook: string;
}

/** Where the secrets of one project stand. Each has its own: GitLab's project access tokens open one project only. */
export function secretFiles(folder: string, integration: string, project: number | string): SecretFiles {
  const name = `${integration}-${String(project).replace(/[^A-Za-z0-9._-]+/g, '-')}`;
  return { token: join(folder, `${name}.token`), hook: join(folder, `${name}.hook`) };
}

/** The part of `signalbox.yaml` that connects one project. */
export function facilitySnippet({ integration, url, project, files }: SnippetParts): string {
  return stringify({
    facility: {
      integrations: [{ id: integration, url }],
      projects: [{ integration, project, token_file: files.token, hook_token_file: files.hook }],
    },
  });
}
