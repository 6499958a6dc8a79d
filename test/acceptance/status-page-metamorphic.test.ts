import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MINUTE, SignalReported } from '../../src/core/index.ts';
import { addComponents } from '../../src/modules/status-page/actions/add-components.ts';
import { announceMaintenance } from '../../src/modules/status-page/actions/announce-maintenance.ts';
import { cancelMaintenance } from '../../src/modules/status-page/actions/cancel-maintenance.ts';
import { correctUpdate } from '../../src/modules/status-page/actions/correct-update.ts';
import { mergeIncidents } from '../../src/modules/status-page/actions/merge-incidents.ts';
import { moveComponents } from '../../src/modules/status-page/actions/move-components.ts';
import { openIncident } from '../../src/modules/status-page/actions/open-incident.ts';
import { postUpdate } from '../../src/modules/status-page/actions/post-update.ts';
import { removeComponent } from '../../src/modules/status-page/actions/remove-component.ts';
import { reviewMaintenance } from '../../src/modules/status-page/actions/review-maintenance.ts';
import { saveSeries } from '../../src/modules/status-page/actions/save-series.ts';
import { saveTemplate } from '../../src/modules/status-page/actions/save-template.ts';
import type { StatusPageContext } from '../../src/modules/status-page/actions/status-page-context.ts';
import { writePostmortem } from '../../src/modules/status-page/actions/write-postmortem.ts';
import type { StatusPageTables } from '../../src/modules/status-page/store/schema.ts';
import { signIn } from '../support/people.ts';
import { representationsOf } from '../support/representations.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { declare, fillWithSecrets, KEYS, retire, statusPageOf, type Things } from '../support/status-page-secrets.ts';
import { CREATOR, OPERATOR, TestClock } from '../support/status-page-world.ts';
import { type Asked, askAll, openStream } from '../support/surface.ts';
import { until } from '../support/until.ts';

/** Asked as somebody whose session nobody knows: what everybody gets, made anew for each request. */
const NOBODY = { cookie: `signalbox_session=${'B'.repeat(43)}` };

const WINDOW = { start: '2026-11-28T10:00:00.000Z', end: '2026-11-28T12:00:00.000Z' };

describe('what everybody reads is made of nothing but what everybody may know', () => {
  const clock = new TestClock();
  let box: TestApp;
  let context: StatusPageContext;
  let things: Things;
  let addresses: string[];
  let stream: Awaited<ReturnType<typeof openStream>>;
  let first: Asked[];

  const ask = async () => await askAll(box.url, addresses, { headers: NOBODY, languages: ['en'] });
  const thing = (name: string) => things[name] ?? 0;

  before(async () => {
    box = await startApp({ clock, scheduled: false });
    context = statusPageOf(box);
    things = await fillWithSecrets(box, clock);
    addresses = representationsOf({
      keys: [...Object.values(KEYS), 'status-page/never-was'],
      incidents: [...Object.values(things), 999_999],
      regions: ['Openregion', 'SHUTREGION'],
      categories: ['Opencategory', 'SHUTCATEGORY'],
    }).flatMap(({ address }) => (/^\/(metrics|livez|readyz|design|admin|account)/.test(address) ? [] : [address]));
    stream = await openStream(box.url);
    first = await ask();
  });
  after(async () => {
    await stream.close();
    await box.stop();
  });

  /** Does it five minutes later, and looks at the time of the first look: only the deed itself may differ. */
  async function later(deed: () => Promise<unknown>): Promise<Asked[]> {
    const then = clock.now();
    clock.go(5 * MINUTE);
    await deed();
    await box.app.journal.drain();
    clock.set(then);
    return await ask();
  }

  const differences = (now: readonly Asked[]) =>
    now.flatMap((answer, index) => {
      const [was, is] = [told(first[index]), told(answer)];
      if (was === is) return [];
      const at = [...is].findIndex((character, place) => character !== was[place]);
      return [
        `${answer.path}: …${was.slice(Math.max(0, at - 60), at + 80)}… → …${is.slice(Math.max(0, at - 60), at + 80)}…`,
      ];
    });

  const unchanged = (what: string, deed: () => Promise<unknown>): void => {
    void it(`is the same when ${what}`, async () => {
      assert.deepEqual(differences(await later(deed)), []);
    });
  };

  const hiddenSignal = (level: 'major_outage' | 'operational') =>
    box.app.db.write((tx) =>
      box.app.journal.publish(tx, SignalReported, {
        key: KEYS.shut,
        payload: { component: KEYS.shut, source: 'test', name: 'probe', level, observedAt: clock.now() },
      }),
    );
  const versionOf = async (id: number) => {
    const incidents = box.app.db.for<StatusPageTables>().selectFrom('status_page_incident');
    return (await incidents.select('version').where('id', '=', id).executeTakeFirstOrThrow()).version;
  };
  const overwrite = (set: Partial<StatusPageTables['status_page_incident']>) =>
    box.app.db.write(async (tx) => {
      await tx.for<StatusPageTables>().updateTable('status_page_incident').set(set).execute();
    });

  unchanged('nothing happens', async () => undefined);
  unchanged('a post-mortem is drafted', () =>
    writePostmortem(context, OPERATOR, thing('draft'), { text: 'Another draft.', publish: false }),
  );
  unchanged('a draft is thrown away', () =>
    writePostmortem(context, OPERATOR, thing('withdrawn'), { text: '', publish: false }),
  );
  unchanged('a component for members joins an incident that everybody sees', () =>
    addComponents(context, OPERATOR, thing('public'), { components: [KEYS.dark] }),
  );
  unchanged('it moves on to one that nobody else sees', () =>
    moveComponents(context, OPERATOR, thing('public'), { components: [KEYS.dark], title: 'Apart from that' }),
  );
  unchanged('a component for members joins and leaves again', async () => {
    await addComponents(context, OPERATOR, thing('mixed'), { components: [KEYS.dark] });
    await removeComponent(context, OPERATOR, thing('mixed'), { component: KEYS.dark });
  });
  unchanged('a component for members joins a maintenance that everybody sees, and leaves it', async () => {
    const version = async () => ({ version: await versionOf(thing('planned')) });
    await addComponents(context, OPERATOR, thing('planned'), { components: [KEYS.shut], ...(await version()) });
    await removeComponent(context, OPERATOR, thing('planned'), { component: KEYS.shut, ...(await version()) });
  });
  unchanged('an incident on components for members is opened, updated and merged into a public one', async () => {
    const { id } = await openIncident(context, OPERATOR, { title: 'Nobody else', impact: 1, components: [KEYS.dark] });
    await postUpdate(context, OPERATOR, id, { status: 'fixing', text: 'We fix it.' });
    await mergeIncidents(context, OPERATOR, thing('mixed'), { others: [id] });
  });
  unchanged('a machine reports a component for members into an incident that everybody sees', async () => {
    await removeComponent(context, OPERATOR, thing('mixed'), { component: KEYS.dark });
    const headers = {
      authorization: `Bearer ${await box.token('signals:write')}`,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ name: 'SHUTNAME 2', impact: 1, text: 'Some words' });
    const answer = await fetch(`${box.url}/api/v1/component_status`, { method: 'POST', headers, body });
    assert.ok([201, 409].includes(answer.status), String(answer.status));
  });
  unchanged('a maintenance is drafted, changed, approved', async () => {
    const { id } = await announceMaintenance(context, CREATOR, {
      ...{ title: 'Not yet to be known', description: 'Work.', components: [KEYS.open], confirmed: true },
      ...{ contactEmail: 'a@example.org', ...WINDOW },
    });
    await postUpdate(context, CREATOR, id ?? 0, { status: 'pending_review', text: 'Another day.', version: 1 });
    await reviewMaintenance(context, OPERATOR, id ?? 0, { version: 2, verdict: 'approve', text: 'Fine.' });
  });
  unchanged('a maintenance is cancelled of which nobody was told', async () =>
    cancelMaintenance(context, OPERATOR, thing('pending'), { version: await versionOf(thing('pending')), text: 'No.' }),
  );
  unchanged('what was said in a review is corrected', async () => {
    const updates = box.app.db.for<StatusPageTables>().selectFrom('status_page_update').select('id');
    const { id } = await updates.where('text', '=', 'BEFOREPLANNED').limit(1).executeTakeFirstOrThrow();
    const version = await versionOf(thing('planned'));
    const words = { version, text: 'Other words.' };
    await correctUpdate(context, OPERATOR, { incident: thing('planned'), update: id }, words);
  });
  unchanged('authors and contacts are others', () =>
    overwrite({ created_by: 'user:somebody', created_by_id: 'x', contact_email: 'other@example.org' }),
  );
  unchanged('a series on components for members is made', () =>
    saveSeries(context, OPERATOR, {
      ...{ title: 'Each week', description: 'Work.', components: [KEYS.shut], durationMinutes: 60 },
      ...{ rule: 'FREQ=WEEKLY;COUNT=5', zone: 'Europe/Rome', startLocal: '2026-12-01T08:00' },
    }),
  );
  unchanged('a template is written', () => saveTemplate(context, OPERATOR, { name: 'Words', text: 'We look.' }));
  unchanged('a component for members goes down and comes back', async () => {
    await hiddenSignal('major_outage');
    await box.app.journal.drain();
    await hiddenSignal('operational');
  });
  unchanged('a component for members is renamed, and another is added', async () => {
    const hidden = { region: 'Elsewhere', category: 'Other', visibility: 'members', secret: 'NEW' } as const;
    await declare(context, { key: KEYS.shut, name: 'Renamed', ...hidden });
    await declare(context, { key: 'status-page/new-svc', name: 'New', ...hidden });
  });
  unchanged('a component for members is retired', () => retire(context, KEYS.dark));
  unchanged('accounts and tokens are made', async () => {
    await signIn(box, 'operator');
    await box.token('read');
  });

  it('told live pages nothing of all that', async () => {
    await until('the stream is open', () => stream.told().includes('ready'));
    assert.deepEqual(stream.told().match(/^event: (?!ready).*$/gm), null);
  });

  it('is another after an update for everybody: page, feeds, calendar, APIs', async () => {
    const moved = await later(async () =>
      postUpdate(context, OPERATOR, thing('planned'), {
        ...{ status: 'modified', text: 'A day later.', version: await versionOf(thing('planned')) },
        ...WINDOW,
      }),
    );
    const changed = differences(moved).map((line) => line.slice(0, line.indexOf(':')));
    for (const path of [
      `/incidents/${thing('planned')}`,
      '/maintenances',
      '/feeds/all.rss',
      '/feeds/all.atom',
      '/feeds/all.json',
      '/feeds/all.ics',
      '/feeds/component/status-page/open-svc.ics',
      '/api/v1/incidents',
      '/api/v2/scheduled-maintenances.json',
      `/api/incidents/${thing('planned')}`,
    ]) {
      assert.ok(changed.includes(path), path);
    }
    const sequence = (answers: readonly Asked[]) => {
      const { body } = answers.find(({ path }) => path === '/feeds/all.ics') ?? { body: '' };
      const event = body.split('BEGIN:VEVENT').find((part) => part.includes('PLANNEDTITLE')) ?? '';
      return Number(/SEQUENCE:(\d+)/.exec(event)?.[1]);
    };
    assert.ok(sequence(moved) > sequence(first), 'calendars take the new window over');
  });
});

/** Without the number of the request, and the secret that hides the token of a form. */
function told(answer: Asked | undefined): string {
  const { status = 0, type = '', body = '' } = answer ?? {};
  return `${status} ${type} ${body}`
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(-\w+)?/g, 'REQUEST')
    .replaceAll(/name="csrf" value="[^"]*"/g, 'CSRF');
}
