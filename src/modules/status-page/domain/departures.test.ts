import assert from 'node:assert/strict';
import { it } from 'node:test';
import { incident, maintenance } from './builders.cases.ts';
import { departures } from './departures.ts';

const A = 'status-page/a';
const B = 'status-page/b';
const C = 'status-page/c';

it('a new incident takes components out of open incidents, closes those it empties, and leaves the others alone', () => {
  const two = incident({ id: 1 });
  const one = incident({ id: 2 });
  const found = departures(
    [
      { incident: two, present: [A, B] },
      { incident: one, present: [C] },
      { incident: maintenance({ id: 3 }), present: [A, C] },
      { incident: maintenance({ id: 4, type: 'info' }), present: [A] },
    ],
    [C, A],
  );
  assert.deepEqual(
    found.map(({ incident: { id }, leaving, closes }) => [id, leaving, closes]),
    [
      [1, [A], false],
      [2, [C], true],
    ],
  );
  assert.equal(departures([{ incident: two, present: [A, B] }], [B, A])[0]?.closes, true);
});
