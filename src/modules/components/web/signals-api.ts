import * as z from 'zod';
import { AppError, requireReporter } from '../../../core/index.ts';
import type { Web } from '../../../platform/http/index.ts';
import type { ComponentsContext } from '../actions/components-context.ts';
import { OUTCOMES } from '../actions/components-metrics.ts';
import { MOST_SIGNALS, type Reported, reportSignals, SignalInput } from '../actions/report-signals.ts';

const BODY_LIMIT = 4 * 1024 * 1024;

/** Each item is checked by itself, so that one mistake does not refuse the others; the description is that of an item. */
const { $schema: _dialect, ...item } = z.toJSONSchema(SignalInput, { io: 'input', unrepresentable: 'any' });
const Body = z.unknown().meta({ oneOf: [item, { type: 'array', items: item, minItems: 1, maxItems: MOST_SIGNALS }] });

const Answer = z.object({
  results: z
    .array(
      z.object({
        status: z.union([z.literal(200), z.literal(400), z.literal(404)]).describe('What HTTP would say of it alone.'),
        outcome: z.enum(OUTCOMES).describe('duplicate and outdated changed nothing and need no repeating.'),
        component: z.string().nullable(),
        created: z.boolean().optional().describe('True when the component did not exist before.'),
        detail: z.string().optional().describe('What is wrong with it.'),
      }),
    )
    .describe('One for each signal, in their order.'),
});

/** `POST /api/signals`: what programs claim about components (contracts §3). */
export function registerSignalsApi(web: Web, context: ComponentsContext): void {
  web.api(
    {
      method: 'POST',
      path: '/api/signals',
      operationId: 'reportSignals',
      summary: 'Say how components are',
      description:
        'One signal, or a list of at most 1,000. A list is answered item by item; a single signal that is refused is answered with a problem. Repeating is safe: the same component, source, name and observedAt count once, and so does a whole request with the same Idempotency-Key.',
      tag: 'signals',
      allow: { scope: 'signals:write', role: 'reporter', check: requireReporter },
      headers: {
        'Idempotency-Key': 'Up to 200 printable characters of your own: the same request with it counts once.',
      },
      body: Body,
      answer: Answer,
      bodyLimit: BODY_LIMIT,
      problems: [404, 409],
    },
    async ({ actor, headers, input: { body } }) => {
      const items: readonly unknown[] = Array.isArray(body) ? body : [body];
      if (items.length === 0) throw new AppError('invalid', 'The list is empty: send at least one signal.');
      if (items.length > MOST_SIGNALS) {
        throw new AppError('invalid', `Send at most ${MOST_SIGNALS} signals in one request, not ${items.length}.`);
      }
      const results = await reportSignals(context, actor, { items, idempotencyKey: keyIn(headers) });
      if (!Array.isArray(body)) refuseSingle(results[0]);
      return { results };
    },
  );
}

function keyIn(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new AppError('invalid', 'An Idempotency-Key has 1 to 200 printable characters and no spaces.');
}

function refuseSingle(result: Reported | undefined): void {
  if (result === undefined || result.status === 200) return;
  throw new AppError(result.status === 404 ? 'not_found' : 'invalid', result.detail ?? 'The signal was refused.');
}
