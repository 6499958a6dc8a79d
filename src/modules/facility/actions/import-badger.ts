import { parse } from 'smol-toml';
import * as z from 'zod';
import { AppError } from '../../../core/index.ts';

const Badger = z.object({ repo: z.object({ project_url: z.string(), project_api_url: z.string() }) });

export interface ImportedProject {
  /** Address of the GitLab. */
  url: string;
  project: number | string;
}

/** Reads the configuration of facility-autobadge: which project of which GitLab it served. Its token stood elsewhere. */
export function importBadger(toml: string): ImportedProject {
  const { repo } = readBadger(toml);
  const api = URL.parse(repo.project_api_url);
  const found = /^(.*)\/api\/v4\/projects\/([^/]+)\/?$/.exec(api?.pathname ?? '');
  if (api === null || !/^https?:$/.test(api.protocol) || found?.[2] === undefined) {
    throw new AppError(
      'invalid',
      `repo.project_api_url is "${repo.project_api_url}"; it should look like https://gitlab.example.org/api/v4/projects/12345/`,
    );
  }
  const project = decodeURIComponent(found[2]);
  return { url: `${api.origin}${found[1] ?? ''}`, project: /^\d+$/.test(project) ? Number(project) : project };
}

function readBadger(toml: string): z.output<typeof Badger> {
  let value: unknown;
  try {
    value = parse(toml);
  } catch (cause) {
    throw new AppError('invalid', 'The file is not TOML.', { cause });
  }
  const result = Badger.safeParse(value);
  if (result.success) return result.data;
  const missing = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new AppError('invalid', `The file is not a badger.toml of facility-autobadge: ${missing} is missing.`);
}
