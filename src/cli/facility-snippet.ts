import { stringify } from 'yaml';

export interface SnippetParts {
  integration: string;
  url: string;
  project: number | string;
  title?: string | undefined;
  tokenFile: string;
  hookTokenFile: string;
}

/** The part of `signalbox.yaml` that connects one project. */
export function facilitySnippet(parts: SnippetParts): string {
  const { integration, url, project, title, tokenFile, hookTokenFile } = parts;
  return stringify({
    facility: {
      integrations: [{ id: integration, url, token_file: tokenFile, hook_token_file: hookTokenFile }],
      projects: [{ integration, project, ...(title === undefined ? {} : { title }) }],
    },
  });
}
