import { GitLab } from '../../../connectors/gitlab/index.ts';
import { AppError, type Clock } from '../../../core/index.ts';
import type { FacilityConfig, ProjectSettings } from '../config.ts';
import type { FacilityMetrics } from './facility-metrics.ts';

/** One client per instance and token, so that a limit met by one project is known to the others. */
export function gitlabClients(
  config: () => FacilityConfig,
  clock: Clock,
  metrics: Pick<FacilityMetrics, 'gitlabCall'>,
): (project: Pick<ProjectSettings, 'integration' | 'token'>) => GitLab {
  const clients = new Map<string, GitLab>();
  return ({ integration: id, token }) => {
    const integration = config().integrations.find((candidate) => candidate.id === id);
    if (integration === undefined)
      throw new AppError('not_found', `There is no integration "${id}" in the configuration.`);
    const { url } = integration;
    const known = clients.get(`${url} ${token}`);
    if (known !== undefined) return known;
    const client = new GitLab({ url, token, clock, onCall: (call) => metrics.gitlabCall(call) });
    clients.set(`${url} ${token}`, client);
    return client;
  };
}
