import type { Hook, HookDelivery } from '../model.ts';
import type { Api } from './api.ts';
import type { Input } from './input.ts';

/** A hook as GitLab shows it: secrets only as being there. */
export function hookJson(api: Api, hook: Hook) {
  return {
    id: hook.id,
    url: hook.url,
    name: hook.name,
    description: hook.description,
    created_at: hook.createdAt,
    ...hook.flags,
    alert_status: api.hooks.status(hook),
    disabled_until: hook.disabledUntil,
    url_variables: hook.urlVariables.map(({ key }) => ({ key })),
    push_events_branch_filter: null,
    branch_filter_strategy: 'wildcard',
    custom_webhook_template: null,
    custom_headers: hook.customHeaders.map(({ key }) => ({ key })),
    enable_ssl_verification: hook.sslVerification,
    repository_update_events: false,
    project_id: hook.project.id,
    token_present: hook.token !== null,
    signing_token_present: hook.signingToken !== null,
  };
}

export function deliveryJson(delivery: HookDelivery) {
  return {
    id: delivery.id,
    url: delivery.url,
    trigger: delivery.trigger,
    request_headers: delivery.requestHeaders,
    request_data: JSON.parse(delivery.requestBody) as unknown,
    response_headers: delivery.responseHeaders,
    response_body: delivery.responseBody,
    execution_duration: delivery.executionDuration,
    response_status: statusText(delivery),
    created_at: delivery.at,
  };
}

function statusText(delivery: HookDelivery): string {
  return delivery.responseStatus === null ? 'internal error' : String(delivery.responseStatus);
}

/** `status` of the history: a code, or a word for a range of them. */
export function selectDeliveries(deliveries: readonly HookDelivery[], input: Input): HookDelivery[] {
  const wanted = input.list('status');
  if (wanted === undefined) return [...deliveries];
  return deliveries.filter((delivery) => wanted.some((status) => hasStatus(delivery, status)));
}

function hasStatus(delivery: HookDelivery, wanted: string): boolean {
  const status = delivery.responseStatus;
  if (wanted === 'successful') return status !== null && status >= 200 && status < 300;
  if (wanted === 'client_failure') return status !== null && status >= 400 && status < 500;
  if (wanted === 'server_failure') return status === null || status >= 500;
  return String(status) === wanted;
}
