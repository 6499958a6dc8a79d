import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givenBack, handsIn } from './given-back.ts';
import type { IncidentStatus, IncidentUpdate, UpdateFact } from './incident.ts';

function rows(...given: (readonly [IncidentStatus, UpdateFact['kind'] | null])[]): IncidentUpdate[] {
  return given.map(([status, kind], index) => ({
    id: index + 1,
    incident: 7,
    at: '2026-11-21T12:00:00.000Z',
    status,
    system: false,
    text: `row ${index + 1}`,
    fact: kind === null ? null : ({ kind } as UpdateFact),
    createdAt: '2026-11-21T12:00:00.000Z',
    createdBy: 'user:somebody',
    modifiedAt: null,
    modifiedBy: null,
  }));
}

const BACK = ['pending_review', 'given_back'] as const;
const AGAIN = ['pending_review', 'handed_in'] as const;
const WORDS = ['pending_review', null] as const;

test('a maintenance is with its author from the give-back on, whatever others write', () => {
  assert.equal(givenBack(rows(WORDS)), null);
  assert.equal(givenBack(rows(WORDS, BACK))?.text, 'row 2');
  assert.equal(givenBack(rows(WORDS, BACK, WORDS))?.text, 'row 2');
  assert.equal(givenBack(rows(WORDS, BACK, BACK))?.text, 'row 3', 'the newest reason counts');
});

test('it is not once it was handed in, approved or cancelled, until it is given back again', () => {
  assert.equal(givenBack(rows(WORDS, BACK, AGAIN)), null);
  assert.equal(givenBack(rows(WORDS, BACK, AGAIN, BACK))?.text, 'row 4');
  assert.equal(givenBack(rows(WORDS, BACK, ['reviewed', null])), null);
  assert.equal(givenBack(rows(WORDS, BACK, ['cancelled', null], WORDS)), null);
});

test('rows count in the order of their writing, not of the times they are about', () => {
  const [first, back, again] = rows(WORDS, BACK, AGAIN);
  assert.ok(first && back && again);
  assert.equal(givenBack([again, { ...back, at: '2026-11-22T12:00:00.000Z' }, first]), null);
});

test('its author hands it in, nobody else, and anybody where the author has no account', () => {
  assert.equal(handsIn({ createdById: 'ada' }, 'ada'), true);
  assert.equal(handsIn({ createdById: 'ada' }, 'bob'), false);
  assert.equal(handsIn({ createdById: 'ada' }, null), false);
  assert.equal(handsIn({ createdById: null }, 'bob'), true);
});
