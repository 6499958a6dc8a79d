import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { html } from '../../../platform/html/index.ts';
import type { ProjectView } from '../store/facility-read.ts';
import { operatorsFragment } from './operators-fragment.ts';

const NOW = '2025-11-20T12:00:00.000Z';
const PROJECT: ProjectView = {
  id: 'lab/301',
  source: 'facility/lab/301',
  title: 'Desk',
  webUrl: 'https://gitlab.example.test/lab/desk',
  visibility: 'public',
  succeededAt: NOW,
  staleSince: null,
  error: null,
  badgeError: null,
  nextAt: NOW,
  lastEventAt: null,
  unknownLabels: [],
  health: null,
  healthAt: '2025-11-20T11:00:00.000Z',
};

function cardOf(project: Partial<ProjectView>): string {
  const view = { language: 'en', timezone: 'UTC', now: NOW, link: (path: string) => path } as const;
  const shown = { view: { ...PROJECT, ...project }, title: 'Desk', hiddenBadges: false };
  return operatorsFragment([shown], view, html``).toString();
}

function hookWith(problem: string): Pick<ProjectView, 'health'> {
  const hook = { status: null, disabledUntil: null, lastAnswer: null, problem };
  return { health: { hook, token: { expiresAt: null, problem: null } } };
}

describe('the card of a project', () => {
  it('goes by a delivery that came after the look at the webhook', () => {
    assert.match(cardOf(hookWith('missing')), /has no webhook/);
    assert.doesNotMatch(cardOf({ ...hookWith('missing'), lastEventAt: NOW }), /has no webhook/);
  });

  it('warns of deliveries that fail, with the last answer, and of an unverified certificate', () => {
    const hook = { status: 'executable', disabledUntil: null, lastAnswer: '502', problem: 'failing' };
    assert.match(cardOf({ health: { hook, token: { expiresAt: null, problem: null } } }), /last answer: 502/);
    assert.match(cardOf({ ...hookWith('unverified'), lastEventAt: NOW }), /does not verify our certificate/);
  });

  it('warns of a webhook that works and does not send everything', () => {
    assert.match(cardOf({ ...hookWith('events'), lastEventAt: NOW }), /does not send all events/);
  });
});
