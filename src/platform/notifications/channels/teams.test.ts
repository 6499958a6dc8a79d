import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createChannels, type Message } from '../index.ts';
import { delivery, HOSTILE, message } from '../test-support/messages.ts';
import { failureOf, type Receiver, startReceiver, testEgress } from '../test-support/receiver.ts';

const site = () => ({ title: 'Lab', publicUrl: 'https://status.example.org', timezone: 'Europe/Rome' });
const { teams } = createChannels({ egress: testEgress(), mailer: () => null, site });

let receiver: Receiver;
before(async () => {
  receiver = await startReceiver();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer(202);
});
after(() => receiver.close());

interface Element {
  type: string;
  inlines: { type: string; text: string; color?: string }[];
}
interface Card {
  type: string;
  version: string;
  body: Element[];
  actions: { type: string; title: string; url: string }[];
}
interface Payload {
  type: string;
  attachments: { contentType: string; contentUrl: null; content: Card }[];
}

async function sent(other: Partial<Message> = {}): Promise<Card> {
  receiver.received.length = 0;
  await teams.send(message(other), { url: `${receiver.url}/workflows/S3CRET?sig=S3CRET-sig` }, delivery());
  const { body } = receiver.received[0]!;
  assert.ok(Buffer.byteLength(body) < 28_000, `${Buffer.byteLength(body)}`);
  const { type, attachments } = JSON.parse(body) as Payload;
  assert.deepEqual([type, attachments.length], ['message', 1]);
  const { contentType, contentUrl, content } = attachments[0]!;
  assert.deepEqual([contentType, contentUrl], ['application/vnd.microsoft.card.adaptive', null]);
  assert.deepEqual([content.type, content.version], ['AdaptiveCard', '1.4']);
  return content;
}

function linesOf({ body }: Card): string[] {
  return body.map(({ inlines }) => inlines.map(({ text }) => text).join(''));
}

describe('a message to Teams', () => {
  it('is a card with title, state, moment, text, facts and buttons', async () => {
    const card = await sent();
    assert.deepEqual(linesOf(card), [
      'Mail is slow',
      'Major outage',
      '1 Oct 2026, 12:32 (Europe/Rome)',
      'We found the cause.',
      'See the page (https://status.example.org/x).',
      'Affected: Mail (EU), Mail (US)',
    ]);
    assert.equal(card.body[1]?.inlines[0]?.color, 'Attention');
    assert.deepEqual(card.actions, [
      { type: 'Action.OpenUrl', url: 'https://status.example.org/incidents/7?a=1&b=2', title: 'Open the page' },
      { type: 'Action.OpenUrl', url: 'https://status.example.org/unsubscribe/abc', title: 'Unsubscribe' },
    ]);
  });

  it('is as long as Teams takes and says where it goes on', async () => {
    for (const unit of ['x', '測', '😀', '"', '\\', 'a line\n', '\n']) {
      const card = await sent({ text: `begun ${unit.repeat(40_000)}` });
      if (unit !== '\n') assert.equal(card.actions[0]?.title, 'The text goes on here', unit);
      assert.ok(linesOf(card).some((line) => line.startsWith('begun')));
    }
    const long = '"😀'.repeat(5000);
    const facts = Array.from({ length: 40 }, () => ({ name: long, value: long }));
    await sent({ title: long, impact: long, text: long, facts, url: `https://a.example/${'x'.repeat(5000)}` });
    assert.deepEqual((await sent({ url: 'javascript:alert(1)', unsubscribeUrl: undefined, text: '' })).actions, []);
  });

  it('shows hostile texts as text: no Markdown, no markup, no foreign address behind a button', async () => {
    for (const text of HOSTILE) {
      const card = await sent({ title: text, impact: text, text, facts: [{ name: text, value: text }], level: null });
      for (const { type, inlines } of card.body) {
        assert.equal(type, 'RichTextBlock');
        for (const run of inlines) {
          assert.equal(run.type, 'TextRun');
          assert.doesNotMatch(run.text, /[\u0000-\u0008\u001b\u202e\r\n]/);
          assert.equal('selectAction' in run, false);
        }
      }
      for (const { url } of card.actions) assert.match(url, /^https:\/\/status\.example\.org\//);
    }
  });
});

describe('the address of a workflow of Teams', () => {
  const form = { field: 'url', language: 'it' } as const;

  it('is any that the guard takes, but no retired connector', () => {
    for (const url of [
      'https://prod-12.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=y',
      'https://default1.2.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/x',
    ]) {
      assert.equal(teams.check({ url }, form), null);
    }
    for (const url of [
      'https://lab.webhook.office.com/webhookb2/S3CRET',
      'https://outlook.office.com/webhook/S3CRET',
    ]) {
      const problem = teams.check({ url }, form);
      assert.match(problem?.problem ?? '', /connettore di Office 365/);
      assert.doesNotMatch(problem?.value ?? '', /S3CRET/);
    }
    assert.match(teams.check({ url: 'https://10.0.0.1/' }, form)?.problem ?? '', /rete privata/);
  });
});

describe('a message that Teams does not take', () => {
  for (const [status, retry, fault] of [
    [302, true, 'target'],
    [400, false, 'message'],
    [401, false, 'target'],
    [404, false, 'target'],
    [413, false, 'message'],
    [429, true, 'target'],
    [502, true, 'target'],
  ] as const) {
    it(`is ${retry ? 'tried again' : 'given up'} after ${status}`, async () => {
      receiver.answer(status, { location: 'http://127.0.0.1:1/' }, 'WorkflowNotFound: S3CRET-sig');
      const url = `${receiver.url}/workflows/S3CRET?sig=S3CRET-sig`;
      const error = await failureOf(teams.send(message(), { url }, delivery()));
      assert.deepEqual({ retry: error.retry, fault: teams.faultOf(error) }, { retry, fault });
      assert.doesNotMatch(error.message, /S3CRET/);
    });
  }
});
