import { SECOND, toMs } from '../../../core/index.ts';
import type { Egress } from '../../egress/index.ts';
import type { Channel } from '../channel.ts';
import { faultOfAnswer, requireTaken } from '../rules/answer-failure.ts';
import { webhookBody } from '../rules/webhook-body.ts';
import { webhookSignatures } from '../rules/webhook-signature.ts';

export interface WebhookTarget {
  url: string;
  /** The current one first; the one before it as long as receivers may still check with it. */
  secrets: readonly string[];
}

const TIMEOUT = 20 * SECOND;
/** Gone: the receiver says itself that it wants nothing more. Everything else may be a deployment or a mistake. */
const FINAL = [410];

/** Standard Webhooks 1.0: who gets it can check that it is ours, whole, fresh, and whether it came before. */
export function webhookChannel({ egress }: { egress: Egress }): Channel<WebhookTarget> {
  return {
    kind: 'webhook',
    check: ({ url }, form) => egress.checkAddress(url, form),
    faultOf: faultOfAnswer,
    send: async (message, { url, secrets }, { id, at, signal }) => {
      if (!/^[A-Za-z0-9_-]{1,100}$/.test(id))
        throw new Error('The id of a delivery has letters, digits, - and _ only.');
      const body = webhookBody(message);
      const timestamp = Math.floor(toMs(at) / SECOND);
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': webhookSignatures(secrets, { id, timestamp, body }),
      };
      const answer = await egress.post(url, { headers, body, timeoutMs: TIMEOUT, signal });
      requireTaken(answer, 'The webhook', FINAL);
    },
  };
}
