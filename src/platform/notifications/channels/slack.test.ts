import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { createChannels, type Message } from '../index.ts';
import { delivery, HOSTILE, message } from '../test-support/messages.ts';
import { failureOf, type Receiver, startReceiver, testEgress } from '../test-support/receiver.ts';

const site = () => ({ title: 'Lab', publicUrl: 'https://status.example.org', timezone: 'Europe/Rome' });
const { slack } = createChannels({ egress: testEgress(), mailer: () => null, site });

let receiver: Receiver;
before(async () => {
  receiver = await startReceiver();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer(200, {}, 'ok');
});
after(() => receiver.close());

interface TextObject {
  type: string;
  text: string;
  verbatim?: boolean;
  emoji?: boolean;
}
interface Block {
  type: string;
  text?: TextObject;
  elements?: TextObject[];
  fields?: TextObject[];
}
interface Payload {
  text: string;
  blocks: Block[];
}

async function sent(other: Partial<Message> = {}): Promise<Payload> {
  receiver.received.length = 0;
  await slack.send(message(other), { url: `${receiver.url}/services/T0/B0/S3CRET-token` }, delivery());
  return JSON.parse(receiver.received[0]!.body) as Payload;
}

function textsOf({ blocks }: Payload): TextObject[] {
  return blocks.flatMap(({ text, elements = [], fields = [] }) => [...(text ? [text] : []), ...elements, ...fields]);
}

/** The limits that Slack documents, and the one that it does not. */
function assertWithinLimits(payload: Payload): void {
  assert.ok(JSON.stringify(payload).length < 12_000);
  assert.ok(payload.blocks.length >= 1 && payload.blocks.length <= 50);
  assert.ok(payload.text.length > 0);
  for (const { type, text, fields = [], elements = [] } of payload.blocks) {
    if (type === 'header') assert.ok(text && text.type === 'plain_text' && text.text.length <= 150);
    if (type === 'section') assert.ok(text !== undefined || fields.length > 0);
    if (text) assert.ok(text.text.length >= 1 && text.text.length <= 3000);
    assert.ok(fields.length <= 10 && elements.length <= 10);
    for (const field of fields) assert.ok(field.text.length >= 1 && field.text.length <= 2000);
  }
}

/** Takes out what we write as markup ourselves; no other bracket may be left, nor an `&` that escapes nothing. */
function assertNoMarkup(payload: Payload): void {
  const ours =
    /<!date\^\d+\^\{date_short_pretty\}, \{time\}\|[^<>|]*>|<https:\/\/status\.example\.org\/[^<>|]*(\|[^<>|]*)?>/g;
  for (const text of [payload.text, ...textsOf(payload).map((one) => one.text)]) {
    const rest = text.replace(ours, '');
    assert.doesNotMatch(rest, /[<>]|&(?!(amp|lt|gt);)/);
    assert.doesNotMatch(rest, /@(channel|here|everyone|all)\b/);
  }
  for (const one of textsOf(payload)) assert.ok(one.type === 'mrkdwn' ? one.verbatim === true : one.emoji === false);
}

describe('a message to Slack', () => {
  it('has a header, what it is about, facts, links, and words for those who see no blocks', async () => {
    assert.deepEqual(await sent(), {
      text: 'Major outage: Mail is slow\nWe found the cause.\n\nSee the page (https://status.example.org/x).\n<https://status.example.org/incidents/7?a=1&amp;b=2>',
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'Mail is slow', emoji: false } },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: '*Major outage* · <!date^1790850720^{date_short_pretty}, {time}|1 Oct 2026, 12:32 (Europe/Rome)>',
              verbatim: true,
            },
          ],
        },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: 'We found the cause.\n\nSee the page (https://status.example.org/x).',
            verbatim: true,
          },
        },
        { type: 'section', fields: [{ type: 'mrkdwn', text: '*Affected*\nMail (EU), Mail (US)', verbatim: true }] },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: '<https://status.example.org/incidents/7?a=1&amp;b=2|Open the page> · <https://status.example.org/unsubscribe/abc|Unsubscribe>',
              verbatim: true,
            },
          ],
        },
      ],
    });
  });

  it('speaks the language of its reader', async () => {
    const words = JSON.stringify(await sent({ language: 'it' }));
    assert.match(words, /Apri la pagina.*Annulla l'iscrizione/);
    assert.match(JSON.stringify(await sent({ type: 'subscription.confirm' })), /Confirm the subscription/);
  });

  it('says where a text goes on that is longer than Slack takes', async () => {
    for (const unit of ['Line & <more>.\n', 'x', '測', '😀', '&', '"', '\\', '\n\nx']) {
      const payload = await sent({ text: unit.repeat(Math.ceil(30_000 / unit.length)) });
      assertWithinLimits(payload);
      assertNoMarkup(payload);
      assert.match(JSON.stringify(payload), /\|The text goes on here>/);
      assert.ok(JSON.stringify(payload).length > 11_000, `${unit}: ${JSON.stringify(payload).length}`);
    }
    assert.match(JSON.stringify(await sent({ text: 'x'.repeat(9000) })), /\|Open the page>/);
  });

  it('stays within the limits when everything is as long as it can be', async () => {
    for (const unit of ['&', '😀', 'a ', '"', '<!channel>']) {
      const long = unit.repeat(5000);
      const facts = Array.from({ length: 40 }, () => ({ name: long, value: long }));
      assertWithinLimits(await sent({ title: long, impact: long, text: long, facts }));
    }
    assertWithinLimits(await sent({ title: '', impact: '', text: '', facts: [], url: 'nowhere' }));
    assertWithinLimits(
      await sent({ facts: [{ name: '', value: '' }], url: `https://status.example.org/${'x'.repeat(5000)}` }),
    );
  });

  it('calls nobody and links nowhere by what is written in names and texts', async () => {
    for (const text of HOSTILE) {
      const payload = await sent({ title: text, impact: text, text, facts: [{ name: text, value: text }] });
      assertNoMarkup(payload);
      assertWithinLimits(payload);
      assert.doesNotMatch(JSON.stringify(payload), /\\u202e|\\u0000|\\u001b/);
    }
    const unit = fc.oneof(
      fc.constantFrom('<', '>', '&', '|', '!', '@', 'channel', 'here', '*', '\n', '`'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit }), async (text) => {
        assertNoMarkup(await sent({ title: text, impact: text, text, facts: [{ name: text, value: text }] }));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the address of a Slack webhook', () => {
  const form = { field: 'url', language: 'en' } as const;

  it('is one of Slack, or one that the operator named', async () => {
    for (const url of [
      'https://hooks.slack.com/services/T0/B0/x',
      'https://hooks.slack-gov.com/services/T0/B0/x',
      receiver.url,
    ]) {
      assert.equal(slack.check({ url }, form), null, url);
    }
    for (const url of [
      'http://hooks.slack.com/services/x',
      'https://hooks.slack.com:8443/services/x',
      'https://hooks.slack.com.evil.example/services/S3CRET',
      'https://evil.example/hooks.slack.com/S3CRET',
      'https://slack.com/x',
    ]) {
      const problem = slack.check({ url }, form);
      assert.equal(problem?.problem, 'is not the address of an incoming webhook of Slack', url);
      assert.doesNotMatch(problem.value, /S3CRET/);
      const error = await failureOf(slack.send(message(), { url }, delivery()));
      assert.deepEqual({ retry: error.retry, fault: slack.faultOf(error) }, { retry: false, fault: 'target' });
      assert.doesNotMatch(error.message, /S3CRET/);
    }
    assert.match(slack.check({ url: 'https://a@hooks.slack.com/' }, form)?.problem ?? '', /before an @/);
  });
});

describe('a message that Slack does not take', () => {
  for (const [status, body, retry, fault] of [
    [400, 'invalid_blocks', false, 'message'],
    [403, 'action_prohibited', false, 'target'],
    [404, 'no_service', false, 'target'],
    [410, 'channel_is_archived', false, 'target'],
    [429, '', true, 'target'],
    [500, 'rollup_error', true, 'target'],
  ] as const) {
    it(`is ${retry ? 'tried again' : `given up, by fault of the ${fault},`} after ${status} ${body}`, async () => {
      receiver.answer(status, { 'retry-after': '30' }, body);
      const error = await failureOf(slack.send(message(), { url: `${receiver.url}/S3CRET-token` }, delivery()));
      assert.deepEqual({ retry: error.retry, fault: slack.faultOf(error) }, { retry, fault });
      assert.equal(error.retryAfter, status === 429 ? 30 : undefined);
      assert.ok(error.message.includes(body));
      assert.doesNotMatch(error.message, /S3CRET/);
    });
  }
});
