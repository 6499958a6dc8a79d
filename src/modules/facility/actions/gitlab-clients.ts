import { GitLab } from '../../../connectors/gitlab/index.ts';
import { AppError, type Clock } from '../../../core/index.ts';
import type { FacilityConfig } from '../config.ts';
import type { FacilityMetrics } from './facility-metrics.ts';

/** One client per instance, so that a limit met by one project is known to the others. */
export function gitlabClients(
  config: () => FacilityConfig,
  clock: Clock,
  metrics: Pick<FacilityMetrics, 'gitlabCall'>,
): (integration: string) => GitLab {
  const clients = new Map<string, { url: string; token: string; client: GitLab }>();
  return (id) => {
    const integration = config().integrations.find((candidate) => candidate.id === id);
    if (integration === undefined)
      throw new AppError('not_found', `There is no integration "${id}" in the configuration.`);
    const { url, token } = integration;
    const known = clients.get(id);
    if (known?.url === url && known.token === token) return known.client;
    const client = new GitLab({ url, token, clock, onCall: (call) => metrics.gitlabCall(call) });
    clients.set(id, { url, token, client });
    return client;
  };
}
