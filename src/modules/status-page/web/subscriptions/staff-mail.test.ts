import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type MailServer, startMailServer } from '../../../../../test/support/mail-server.ts';
import { until } from '../../../../../test/support/until.ts';
import { addMs, DAY, HOUR } from '../../../../core/index.ts';
import { C, type StaffWorld, staffWorld } from '../staff/staff-world.cases.ts';
import { localIn } from '../staff/zoned-fields.ts';

const BOARD = 'board@s.example';
const TEAM = 'team@s.example';

describe('mail to staff in the program that runs', () => {
  let world: StaffWorld;
  let mail: MailServer;
  before(async () => {
    mail = await startMailServer();
    const smtp = { host: '127.0.0.1', port: mail.port, security: 'none', from: 'status@s.example' };
    const settings = { maintenance_mail: { reviewers: [` ${BOARD.toUpperCase()}`] } };
    world = await staffWorld({ values: { smtp, 'status-page': settings } });
  });
  after(async () => {
    await world.stop();
    await mail.close();
  });

  const local = (milliseconds: number) => localIn(addMs(world.now, milliseconds), 'Europe/Rome');
  const announce = async () =>
    world.made(
      await world.send(
        '/incidents/new',
        {
          type: 'maintenance',
          title: 'Firmware <i>of</i> the racks',
          description: 'Switches.',
          components: [C],
          start: local(3 * DAY),
          end: local(3 * DAY + HOUR),
          contactEmail: TEAM,
        },
        'creator',
      ),
    );
  const mailTo = async (address: string, state: string) =>
    await until(`${state} to ${address}`, () =>
      mail.mails.find(({ to, subject }) => to === address && subject.endsWith(`— ${state}`)),
    );
  const log = async () => (await world.open('/admin/subscriptions?view=log', 'admin')).body;

  it('leads reviewers to their page, tells the contact what becomes of it, and stands in the log', async () => {
    const id = await announce();
    const asked = await mailTo(BOARD, 'awaiting review');
    assert.equal(asked.subject, '[Maintenance] Firmware <i>of</i> the racks — awaiting review');
    assert.match(asked.html, /&lt;i&gt;of/);
    assert.match(asked.text, /Announced by: creator/);
    const path = /\/incidents\/\d+\/review/.exec(asked.text)?.[0] ?? '';
    assert.ok(asked.text.includes(`${world.url}/incidents/${id}/review`));
    assert.equal((await world.open(path)).status, 200);
    await world.send(path, { version: '1', do: 'return', text: 'Choose a night.' });
    assert.match((await mailTo(TEAM, 'given back')).text, /Choose a night\./);
    assert.ok(!mail.mails.some(({ to, subject }) => to === BOARD && subject.endsWith('given back')));
    const shown = await until('it is logged as sent', async () => {
      const body = await log();
      return (body.match(/staff\.maintenance/g) ?? []).length === 3 && !body.includes('>waiting<') ? body : null;
    });
    assert.match(shown, /team@s\.example.*?Mail to staff/s);
  });

  it('is among no subscriptions, and is tried now from the log after it failed', async () => {
    const list = (await world.open('/admin/subscriptions', 'admin')).body;
    assert.match(list, /0 active, 0 disabled/);
    assert.doesNotMatch(list, /team@s\.example/);
    mail.refuse({ code: 451, text: '4.3.0 later' });
    await announce();
    const waiting = await until('both wait for their next attempt', async () => {
      const body = await log();
      return body.match(/Try now/g)?.length === 2 ? body : null;
    });
    mail.refuse(null);
    mail.mails.splice(0);
    const ids = [...waiting.matchAll(/name="id" value="([^"]+)"/g)].map(([, id]) => id ?? '');
    for (const id of ids) {
      assert.equal((await world.send('/admin/subscriptions/retry', { id }, 'admin')).status, 303);
    }
    await mailTo(TEAM, 'awaiting review');
  });
});
