import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startApp } from '../../../../test/support/start-app.ts';
import { ANONYMOUS, HOUR } from '../../../core/index.ts';
import { StatusPageConfig } from '../config.ts';
import { readSource } from '../store/import-source.ts';
import { ADMIN, TestClock } from './catalog-world.cases.ts';
import { dashboardSource } from './dashboard-source.cases.ts';
import { importStatusDashboard } from './import-status-dashboard.ts';
import { purgeCatalog } from './purge-catalog.ts';
import { retireComponent } from './retire-component.ts';

describe('an import after a purge', () => {
  it('knows since when each component is as it is, as in a fresh database, also of one that was retired', async () => {
    const clock = new TestClock();
    const box = await startApp({ clock, scheduled: false });
    try {
      const { app } = box;
      const config = StatusPageConfig.parse(undefined);
      const site = { publicUrl: box.url } as never;
      const context = { config: () => config, site: () => site, db: app.db, journal: app.journal, clock };
      const source = await dashboardSource('sqlite');
      await source.insert('component', { id: 1, name: 'Servers' }, { id: 2, name: 'Storage' });
      const times = { start_date: '2026-11-20 10:00:00', end_date: null };
      await source.insert('incident', { id: 4, text: 'Down', ...times, impact: 3, system: 0 });
      await source.insert('incident_component_relation', { incident_id: 4, component_id: 1 });
      const bring = async () => {
        await importStatusDashboard(context, ADMIN, { source: await readSource(source.address) });
        await app.journal.drain();
        const rows = await app.components.rows(ANONYMOUS, {});
        return rows.map(({ name, status, since, declaredAt }) => [name, status.level, since, declaredAt]);
      };
      const right = (declaredAt: string) => [
        ['Servers', 'major_outage', '2026-11-20T10:00:00.000Z', declaredAt],
        ['Storage', 'operational', '2026-11-20T10:00:00.000Z', declaredAt],
      ];
      assert.deepEqual(await bring(), right(clock.now()));
      for (const retired of [false, true]) {
        clock.go(HOUR);
        for (const key of retired ? ['status-page/servers', 'status-page/storage'] : []) {
          await retireComponent(context, ADMIN, { key, retired });
        }
        await app.journal.drain();
        clock.go(HOUR);
        await purgeCatalog(context, ADMIN);
        await app.journal.drain();
        clock.go(HOUR);
        assert.deepEqual(await bring(), right(clock.now()), `retired before: ${retired}`);
        const window = { from: '2026-11-20T00:00:00.000Z', until: clock.now() };
        const periods = await app.components.periods(ANONYMOUS, 'status-page/servers', window);
        assert.deepEqual(
          periods.map(({ level, from }) => `${level} ${from}`),
          ['unknown 2026-11-20T00:00:00.000Z', 'major_outage 2026-11-20T10:00:00.000Z'],
        );
      }
      assert.deepEqual(await app.journal.deadLetters(app.db), []);
    } finally {
      await box.stop();
    }
  });
});
