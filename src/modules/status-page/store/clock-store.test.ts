import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { OPERATOR, START, statusPageWorld } from '../../../../test/support/status-page-world.ts';
import { addMs, type Instant, MINUTE } from '../../../core/index.ts';
import { openIncident } from '../actions/open-incident.ts';
import type { UpdateFact } from '../domain/incident.ts';
import { lastRecoveries } from './clock-store.ts';
import { insertUpdates } from './incident-store.ts';

const [A, B] = ['status-page/a', 'status-page/b'] as const;

eachDatabase((open) => {
  it('knows the last recovery of each component of an incident, whatever else its story tells', async () => {
    const world = await statusPageWorld(open);
    const input = { title: 'Storage is slow', impact: 1, components: [A, B] };
    const { id } = await openIncident(world.context, OPERATOR, input);
    const other = await openIncident(world.context, OPERATOR, { ...input, title: 'Another one', components: [A] });
    const row = (incident: number, minute: number, fact: UpdateFact | null, text: string | null = null) => {
      const at: Instant = addMs(START, minute * MINUTE);
      return {
        incident,
        at,
        status: 'detected' as const,
        system: true,
        text,
        fact,
        createdAt: at,
        createdBy: 'system',
      };
    };
    await world.db.write((tx) =>
      insertUpdates(tx, [
        row(id, 9, { kind: 'recovery_seen', component: A }),
        row(id, 5, { kind: 'recovery_seen', component: A }),
        row(id, 7, { kind: 'recovery_seen', component: B }),
        row(id, 20, null, '{"kind":"recovery_seen"}'),
        row(id, 21, { kind: 'component_added', component: B }),
        row(other.id, 30, { kind: 'recovery_seen', component: A }),
      ]),
    );
    assert.deepEqual(
      await lastRecoveries(world.db, id),
      new Map([
        [B, addMs(START, 7 * MINUTE)],
        [A, addMs(START, 9 * MINUTE)],
      ]),
    );
  });
});
