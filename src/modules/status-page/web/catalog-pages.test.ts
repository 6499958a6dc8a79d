import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Person, signIn } from '../../../../test/support/people.ts';
import { startApp, type TestApp } from '../../../../test/support/start-app.ts';
import { until } from '../../../../test/support/until.ts';
import { ANONYMOUS, system } from '../../../core/index.ts';
import { auditEntries } from '../../../platform/audit/index.ts';
import { connectedComponents, storedRegions } from '../store/catalog-read.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const FORM = {
  name: 'Object Storage',
  region: 'Reg1',
  category: 'Storage',
  attributes: 'type: obs',
  description: '',
  docsUrl: 'https://docs.example.org/obs',
  visibility: 'public',
  position: '0',
  target: '99.95',
  dependsOn: '',
};

describe('the pages of the catalogue', () => {
  let box: TestApp;
  let admin: Person;
  before(async () => {
    box = await startApp();
    admin = await signIn(box, 'admin');
  });
  after(() => box.stop());

  const get = async (path: string, who: Person = admin): Promise<string> =>
    await (await fetch(box.url + path, { headers: who.headers })).text();
  const stored = async (name: string) => (await connectedComponents(box.app.db)).find((one) => one.name === name);

  async function upload(path: string, fields: Record<string, string | Blob>, more = {}): Promise<Response> {
    const body = new FormData();
    body.append('csrf', await admin.csrf());
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') body.append(name, value);
      else body.append(name, value, 'catalog.yaml');
    }
    const headers = { 'sec-fetch-site': 'same-origin', ...admin.headers, ...more };
    return await fetch(box.url + path, { method: 'POST', redirect: 'manual', body, headers });
  }

  it('are for administrators only, in every form', async () => {
    const operator = await signIn(box, 'operator');
    for (const path of ['', '/new', '/edit/x', '/file', '/export']) {
      const answer = await fetch(`${box.url}/admin/catalog${path}`, { headers: operator.headers });
      assert.equal(answer.status, 403, path);
      assert.notEqual((await fetch(`${box.url}/admin/catalog${path}`, { redirect: 'manual' })).status, 200, path);
    }
    for (const path of ['/new', '/edit/x', '/retire', '/return', '/regions', '/file', '/apply']) {
      assert.equal((await operator.send(`/admin/catalog${path}`, FORM)).status, 403, path);
    }
    assert.doesNotMatch(await get('/', operator), /admin\/catalog/);
  });

  it('stand among the tabs of administration', async () => {
    for (const path of ['/admin/users', '/admin/catalog', '/admin/catalog/new']) {
      const page = await get(path);
      assert.equal(page.match(/<h1>/g)?.length, 1, path);
      assert.match(page, /<nav class="tabs"[^>]*>.*href="\/admin\/catalog"/s, path);
    }
    assert.match(await get('/admin/catalog'), /href="\/admin\/catalog" aria-current="page"/);
  });

  it('add a component that is then on the page for everybody, and say every mistake at once', async () => {
    const wrong = {
      ...FORM,
      name: HOSTILE.repeat(10),
      docsUrl: 'javascript:alert(1)',
      target: '101',
      attributes: 'no pair',
      dependsOn: 'ghost',
    };
    const refused = await admin.send('/admin/catalog/new', wrong);
    assert.equal(refused.status, 422);
    const again = await refused.text();
    assert.equal(again.match(/class="mistake"/g)?.length, 5);
    assert.ok(
      again.includes('value="javascript:alert(1)"') && again.includes('no pair</textarea>'),
      'what was typed stays',
    );
    assert.ok(!again.includes(HOSTILE));
    const answer = await admin.send('/admin/catalog/new', FORM);
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/admin/catalog']);
    const made = await stored('Object Storage');
    assert.deepEqual([made?.key, made?.owner, made?.target], ['status-page/object-storage-reg1', 'person', 99.95]);
    await until('it is operational for everybody', async () => {
      return (await box.app.components.levels(ANONYMOUS)).get('status-page/object-storage-reg1') === 'operational';
    });
    const twice = await admin.send('/admin/catalog/new', { ...FORM, name: 'object storage' });
    assert.match(
      await twice.text(),
      /Another component has this name in this region: status-page\/object-storage-reg1/,
    );
  });

  it('edit one under its key, and not what somebody else changed meanwhile', async () => {
    const path = '/admin/catalog/edit/object-storage-reg1';
    const page = await get(path);
    const seen = /name="seen" value="([^"]+)"/.exec(page)?.[1] ?? '';
    assert.match(page, /type: obs<\/textarea>/);
    assert.equal((await admin.send(path, { ...FORM, name: 'Buckets', seen })).status, 303);
    assert.equal((await stored('Buckets'))?.key, 'status-page/object-storage-reg1');
    const late = await admin.send(path, { ...FORM, name: 'Too late', seen });
    assert.equal(late.status, 409);
    assert.match(await late.text(), /Somebody changed it meanwhile.*value="Too late"/s);
    assert.equal((await admin.send(path, { ...FORM, name: 'Buckets', owner: 'file' })).status, 303);
    assert.equal((await stored('Buckets'))?.owner, 'file');
    assert.equal((await fetch(`${box.url}/admin/catalog/edit/ghost`, { headers: admin.headers })).status, 404);
    const [entry] = await auditEntries(box.app.db, {}, { limit: 1 });
    assert.equal(entry?.action, 'status-page.component_changed');
  });

  it('retire and bring back', async () => {
    const key = 'status-page/object-storage-reg1';
    assert.equal((await admin.send('/admin/catalog/retire', { key })).status, 303);
    await until('it is gone', async () => !(await box.app.components.levels(system('test'))).has(key));
    assert.doesNotMatch(await get('/admin/catalog?q=bucket'), /edit\/object-storage-reg1/);
    assert.match(await get('/admin/catalog?q=bucket&retired=1'), /edit\/object-storage-reg1/);
    await admin.send('/admin/catalog/new', { ...FORM, name: 'Buckets' });
    const refused = await admin.send('/admin/catalog/return', { key });
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /Another component has its name and region now/);
    await admin.send('/admin/catalog/edit/buckets-reg1', { ...FORM, name: 'Other' });
    assert.equal((await admin.send('/admin/catalog/return', { key })).status, 303);
    await until('it is back', async () => (await box.app.components.levels(ANONYMOUS)).has(key));
    assert.equal((await admin.send('/admin/catalog/retire', { key: 'status-page/ghost' })).status, 404);
  });

  it('show what a file would change before it does, and what is wrong with it', async () => {
    const text = 'components:\n  - {name: "<b>DNS</b>", attributes: {region: Reg2, category: Network}}\n';
    const preview = await upload('/admin/catalog/file', { file: new Blob([text]), text: '' });
    assert.equal(preview.status, 200);
    const page = await preview.text();
    assert.match(page, /Added \(1\).*&lt;b&gt;DNS&lt;\/b&gt; \(Reg2\)/s);
    assert.match(page, /Left as they are, because a person owns them/);
    assert.equal(await stored('<b>DNS</b>'), undefined);
    const pasted = await admin.send('/admin/catalog/file', { text: 'components: [{nam: X}]' });
    assert.equal(pasted.status, 422);
    assert.match(await pasted.text(), /The file has 2 mistakes.*Did you mean name\?/s);
    const wrong = 'components: [{nam: X}, {name: 1.10}, {name: A, attributes: [x], key: A b}]';
    const italian = await (await upload('/admin/catalog/file', { text: wrong }, { 'accept-language': 'it' })).text();
    for (const said of [
      /Il file ha \d errori/,
      /components\[0\]\.nam<\/code> \(1, \d+\): è una chiave che non esiste\. Intendevi name\?/,
      /deve essere un testo <code>1\.1<\/code>\. Scrivilo tra virgolette: &quot;1\.1&quot;\./,
      /deve essere un gruppo di chiavi <code>un elenco<\/code>\. Scrivi region: … e category: … al di sotto\./,
      /non è una chiave: .*Scrivi a-b\./,
    ]) {
      assert.match(italian, said);
    }
    for (const [unreadable, said] of [
      ['components:\n\t- {name: X}', /il rientro della riga è un tabulatore\. YAML ammette solo spazi/],
      ['a: 1\nb: 2\na: 3', /la chiave compare qui una seconda volta\. Togline una; la prima è alla riga 1\./],
      ['components: [', /non è chiusa/],
    ] as const) {
      const answer = await upload('/admin/catalog/file', { text: unreadable }, { 'accept-language': 'it' });
      assert.match(await answer.text(), said);
    }
    assert.equal((await admin.send('/admin/catalog/file', { text: '' })).status, 422);
    const bomb = `a: &a [x]\nb: &b [${'*a,'.repeat(50)}]\n__proto__: 1\ncomponents: []`;
    assert.match(await (await admin.send('/admin/catalog/file', { text: bomb })).text(), /this word cannot be a key/);
    const done = await upload('/admin/catalog/apply', { text });
    assert.deepEqual([done.status, done.headers.get('location')], [303, '/admin/catalog']);
    assert.equal((await stored('<b>DNS</b>'))?.owner, 'file');
    assert.equal((await upload('/admin/catalog/file', { file: new Blob(['x'.repeat(5 * 1024 * 1024)]) })).status, 413);
  });

  it('give the whole catalogue as a file that changes nothing', async () => {
    const answer = await fetch(`${box.url}/admin/catalog/export`, { headers: admin.headers });
    assert.match(answer.headers.get('content-disposition') ?? '', /catalog\.yaml/);
    const preview = await upload('/admin/catalog/file', { text: await answer.text() });
    assert.match(await preview.text(), /Nothing: the catalogue is what the file says/);
  });

  it('order the regions, and keep those in use', async () => {
    assert.equal((await admin.send('/admin/catalog/regions', { regions: 'Reg2 = Region Two\r\n' })).status, 303);
    assert.deepEqual(
      (await storedRegions(box.app.db)).map(({ id, label }) => [id, label]),
      [
        ['Reg2', 'Region Two'],
        ['Reg1', 'Reg1'],
      ],
    );
    const wrong = await admin.send('/admin/catalog/regions', { regions: 'Reg2\nReg2' });
    assert.equal(wrong.status, 422);
    assert.match(await wrong.text(), /there twice: Reg2.*Reg2\nReg2<\/textarea>/s);
  });

  it('filter, turn pages and speak Italian', async () => {
    const entries = Array.from({ length: 60 }, (_, at) => `  - {name: "Service ${at}", attributes: {region: Reg1}}`);
    await upload('/admin/catalog/apply', {
      text: `components:\n  - {name: "<b>DNS</b>", attributes: {region: Reg2, category: Network}}\n${entries.join('\n')}`,
    });
    const page = await get('/admin/catalog?q=service&region=Reg1&owner=file');
    assert.match(page, /60 components/);
    assert.match(page, /href="\/admin\/catalog\?q=service&amp;region=Reg1&amp;owner=file&amp;page=2"/);
    assert.match(await get('/admin/catalog?q=service&page=2'), /Service 9</);
    assert.match(await get('/admin/catalog?region=Reg2'), /1 component</);
    const italian = await fetch(`${box.url}/admin/catalog`, { headers: { ...admin.headers, 'accept-language': 'it' } });
    assert.match(await italian.text(), /Aggiungi un componente/);
  });
});
