import { bearerRefusal, parseAlerts } from '../../../connectors/alertmanager/index.ts';
import { AppError } from '../../../core/index.ts';
import type { Answer, RawRequest, Web } from '../../../platform/http/index.ts';
import { acceptAlerts } from '../actions/accept-alerts.ts';
import type { StatusPageContext } from '../actions/status-page-context.ts';

/** Ten thousand alerts with long texts; Alertmanager sends some kilobytes. */
const BODY_LIMIT = 16 * 1024 * 1024;
/** Notifications under way; more wait at Alertmanager, which sends them again. */
const MOST_AT_ONCE = 20;
const MOST_NAMED = 20;
const BUSY_SECONDS = 5;

/**
 * `POST /hooks/alertmanager/:integration`. Alertmanager drops what is answered with 4xx and repeats what is answered with
 * 5xx: too much at once is 503 and never 429.
 */
export function registerAlertmanagerHook(web: Web, context: StatusPageContext): void {
  let underWay = 0;
  web.hook(
    '/hooks/alertmanager/:integration',
    { bodyLimit: BODY_LIMIT, neverLimited: true },
    async (request): Promise<Answer> => {
      if (underWay >= MOST_AT_ONCE) {
        throw new AppError('unavailable', 'Too many notifications at once. Send this one again.', {
          retryAfter: BUSY_SECONDS,
        });
      }
      underWay += 1;
      try {
        return await take(context, request);
      } finally {
        underWay -= 1;
      }
    },
  );
}

async function take(context: StatusPageContext, { params, headers, body }: RawRequest): Promise<Answer> {
  const settings = context.config().alertmanager.find(({ id }) => id === params['integration']);
  if (settings === undefined) throw new AppError('not_found', 'There is no such integration.');
  const refusal = bearerRefusal(headers['authorization'], settings.token);
  if (refusal !== null) {
    context.log.warn({ integration: settings.id, reason: refusal }, 'webhook refused');
    throw new AppError('unauthenticated', 'The webhook does not carry the token of this integration.');
  }
  const batch = parseAlerts(body);
  if (batch === null) return tooMany();
  const { unknown, ...taken } = await acceptAlerts(context, settings, batch);
  if (unknown.length > 0) {
    const first = unknown.slice(0, MOST_NAMED);
    context.log.warn({ integration: settings.id, count: unknown.length, first }, 'alerts about unknown components');
  }
  const answer = { ...taken, unknown: unknown.length, unknownComponents: unknown.slice(0, MOST_NAMED) };
  return { type: 'application/json; charset=utf-8', body: JSON.stringify(answer), etag: false };
}

function tooMany(): Answer {
  const problem = {
    type: 'about:blank',
    title: 'Too large',
    status: 413,
    code: 'limit',
    detail: 'There are too many alerts in one notification: set max_alerts in the webhook_configs of Alertmanager.',
  };
  return { status: 413, type: 'application/problem+json', body: JSON.stringify(problem), etag: false };
}
