import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { addMs, type ComponentRow, HOUR, LEVELS, type Level } from '../../../core/index.ts';
import { sentence, summarize } from './banner-fragment.ts';
import { filterOf, filterRows, groupsOf } from './list-fragment.ts';
import { overviewPage } from './overview-page.ts';
import { NOW, row, signal, view } from './rows.cases.ts';

const krios1 = row('Krios 1', 'major_outage');
const krios2 = row('Krios 2', 'degraded');
const spirit = row(
  'Spirit',
  'unknown',
  { evidenceAt: addMs(NOW, -HOUR) },
  { why: { rule: 'missing_required', signals: [] } },
);
const arctica = row('Arctica', 'operational');
const aquilos = row('Aquilos 1', 'notice');
const vitrobot = row('Vitrobot', 'maintenance');

function say(rows: readonly ComponentRow[], language: 'en' | 'it' = 'en'): string {
  return sentence(summarize(rows), { ...view, language });
}

const NOTHING = { tiles: [], leads: [], panels: [], alternates: [], regions: new Map<string, string>() };

function pageOf(rows: readonly ComponentRow[], query = '', regions = NOTHING.regions): string {
  const filter = filterOf(new URLSearchParams(query));
  return overviewPage({ ...NOTHING, rows, filter, view, regions }).main.toString();
}

describe('the sentence at the top', () => {
  const cases: [ComponentRow[], string, string][] = [
    [[arctica, aquilos], 'Everything works', 'Tutto funziona'],
    [[krios1, arctica], 'Krios 1 is down', 'Krios 1 è fuori servizio'],
    [
      [krios1, krios2, arctica],
      'Krios 1 is down; one other thing needs attention',
      'Krios 1 è fuori servizio; un’altra cosa richiede attenzione',
    ],
    [
      [krios1, krios2, spirit, vitrobot, arctica],
      'Krios 1 is down; two other things need attention',
      'Krios 1 è fuori servizio; altre due cose richiedono attenzione',
    ],
    [[krios1, row('Krios 3', 'major_outage')], 'Krios 1 and Krios 3 are down', 'Krios 1 e Krios 3 sono fuori servizio'],
    [
      ['A', 'B', 'C', 'D'].map((name) => row(name, 'degraded')),
      'A, B and 2 more work with limits',
      'A, B e altri 2 funzionano con limitazioni',
    ],
    [[row('Scratch', 'partial_outage')], 'Scratch is partly out', 'Scratch è in parte fuori servizio'],
    [[vitrobot, arctica], 'Vitrobot is in maintenance', 'Vitrobot è in manutenzione'],
    [[spirit, arctica, aquilos], 'The state of Spirit is unknown', 'Lo stato di Spirit è sconosciuto'],
    [[spirit, row('X', 'unknown')], 'Nobody knows how the 2 components are', 'Nessuno sa come stanno i 2 componenti'],
    [
      [spirit, row('X', 'unknown'), arctica],
      'The state of 2 components is unknown',
      'Lo stato di 2 componenti è sconosciuto',
    ],
    [[], 'Nothing to show yet', 'Ancora niente da mostrare'],
  ];
  for (const [rows, english, italian] of cases) {
    it(`says "${english}"`, () => {
      assert.equal(say(rows), english);
      assert.equal(say(rows, 'it'), italian);
    });
  }

  describe('about services in several regions', () => {
    const place = (name: string, region: string, level: Level, since = NOW) =>
      row(name, level, { key: `status-page/${name}-${region}`, attributes: { region }, since });
    const engine = (...regions: string[]) => regions.map((region) => place('Engine', region, 'partial_outage'));
    const fine = [place('Engine', 'EU-CH', 'operational'), place('Registry', 'EU-NL', 'operational')];

    it('names each once, with its regions in their order', () => {
      assert.equal(say([...engine('EU-NL', 'EU-DE'), ...fine]), 'Engine (EU-DE, EU-NL) is partly out');
      assert.equal(say([...engine('EU-NL', 'EU-DE')], 'it'), 'Engine (EU-DE, EU-NL) è in parte fuori servizio');
      const regions = new Map([
        ['EU-NL', 'Netherlands'],
        ['EU-DE', 'Germany'],
      ]);
      const page = overviewPage({
        ...NOTHING,
        rows: engine('EU-DE', 'EU-NL'),
        filter: filterOf(new URLSearchParams('region=EU-DE')),
        view,
        regions,
      });
      assert.equal(page.title, 'Engine (Netherlands, Germany) is partly out');
      assert.match(page.main.toString(), /Engine \(Netherlands, Germany\) is partly out/);
    });

    it('says which region where the service works elsewhere, and none where it is only there', () => {
      assert.equal(say([...engine('EU-DE'), ...fine]), 'Engine (EU-DE) is partly out');
      assert.equal(
        say([place('Registry', 'EU-NL', 'partial_outage'), ...engine('EU-DE')]),
        'Registry and Engine are partly out',
      );
    });

    it('counts services, not components, in what it leaves out', () => {
      const storage = ['EU-DE', 'EU-NL'].map((region) => place('Storage', region, 'major_outage', addMs(NOW, HOUR)));
      const down = ['A', 'B', 'C'].flatMap((name) => ['EU-DE', 'EU-NL'].map((at) => place(name, at, 'major_outage')));
      assert.equal(
        say([...storage, ...down, ...engine('EU-DE', 'EU-NL')]),
        'Storage (EU-DE, EU-NL), A (EU-DE, EU-NL) and 2 more are down; one other thing needs attention',
      );
      const many = engine('R1', 'R2', 'R3', 'R4', 'R5');
      assert.equal(say(many), 'Engine (R1, R2 and 3 more) is partly out');
      assert.equal(say(many, 'it'), 'Engine (R1, R2 e altre 3) è in parte fuori servizio');
    });

    it('keeps apart what shares only its name', () => {
      const here = row('Engine', 'partial_outage', { key: 'facility/engine' });
      assert.equal(
        say([here, ...engine('EU-DE', 'EU-NL')].map((one) => ({ ...one, since: NOW }))),
        'Engine and Engine (EU-DE, EU-NL) are partly out',
      );
    });
  });

  it('names what changed last first', () => {
    const older = row('Older', 'major_outage', { since: addMs(NOW, -9 * HOUR) });
    assert.equal(say([older, krios1]), 'Krios 1 and Older are down');
  });

  it('never says that everything works while anything is unknown', () => {
    for (const level of LEVELS) {
      const said = say([row('X', level), arctica, arctica]);
      assert.equal(said === 'Everything works', level === 'operational' || level === 'notice', level);
    }
  });

  it('cuts a name of ten thousand characters', () => {
    assert.ok(say([row('x'.repeat(10_000), 'major_outage')]).length < 100);
  });
});

describe('overview', () => {
  it('tells how many work, since when and how fresh the evidence is', () => {
    const main = pageOf([krios1, vitrobot, arctica]);
    assert.match(main, /Since <time datetime="2026-11-21T07:42:00.000Z" data-rel="lasting">08:42<\/time>\./);
    assert.match(main, /1 of 3 components work, 1 is in maintenance\./);
    assert.match(main, /Last evidence <time datetime="2026-11-21T09:53:56.000Z" data-rel="ago">10:53<\/time>/);
  });

  it('is one quiet line when all is well', () => {
    assert.match(pageOf([arctica]), /<div class="banner ok quiet"/);
    assert.doesNotMatch(pageOf([krios1]), /quiet/);
  });

  it('puts what needs attention first within a group and keeps the groups in their order', () => {
    const store = row('Freezer', 'major_outage', { group: 'Storage', groupPosition: 1 });
    const groups = groupsOf([arctica, aquilos, krios2, vitrobot, spirit, krios1, store]);
    assert.deepEqual(
      groups.map((group) => [group.name, group.rows.map(({ name }) => name)]),
      [
        ['Microscopes', ['Krios 1', 'Krios 2', 'Spirit', 'Vitrobot', 'Aquilos 1', 'Arctica']],
        ['Storage', ['Freezer']],
      ],
    );
  });

  it('keeps groups of the same name in two areas apart', () => {
    assert.equal(groupsOf([arctica, { ...arctica, key: 'network/arctica' }]).length, 2);
  });

  it('links the evidence and refuses addresses that are no web pages', () => {
    assert.match(pageOf([krios1]), /<a href="https:\/\/gitlab\.example\.org\/lab\/desk\/-\/issues\/214">#214/);
    const hostile = ['javascript:alert(1)', 'data:text/html,x', '//evil.example', '/\\evil.example', ' javascript:x'];
    for (const evidence of hostile) {
      const why = { rule: 'worst_signal' as const, signals: [signal('major_outage', { evidence })] };
      const main = pageOf([row('X', 'major_outage', {}, { why })]);
      assert.doesNotMatch(main, /javascript:|data:text|evil/, evidence);
      assert.match(main, /Vacuum leak/);
    }
  });

  it('says of a confidential report that it exists and nothing else', () => {
    const secret = signal('degraded', {
      confidential: true,
      summary: '#7 secret',
      evidence: 'https://x/7',
      name: 'n7',
    });
    const main = pageOf([row('X', 'degraded', {}, { why: { rule: 'worst_signal', signals: [secret] } })]);
    assert.match(main, /A confidential report/);
    assert.doesNotMatch(main, /secret|https:\/\/x|n7/);
  });

  it('says of the unknown since when and what was known last', () => {
    const lastKnown = { level: 'operational' as const, state: 'RUNNING', observedAt: addMs(NOW, -HOUR) };
    const main = pageOf([
      row('X', 'unknown', {}, { lastKnown, why: { rule: 'missing_required', signals: [] } }),
      arctica,
    ]);
    assert.match(main, /No news since <time [^>]*>09:54<\/time>, last known RUNNING/);
  });

  it('names what something is caused by', () => {
    const names = new Map([['facility/krios-1', 'Krios 1']]);
    const caused = row('X', 'degraded', {}, { causedBy: ['facility/krios-1'] });
    const filter = filterOf(new URLSearchParams());
    const page = overviewPage({
      rows: [caused],
      filter,
      view: { ...view, names },
      ...NOTHING,
    });
    assert.match(page.main.toString(), /Caused by <a href="\/components\/facility\/krios-1">Krios 1<\/a>/);
  });

  it('escapes names, states and groups', () => {
    const hostile = '<img src=x onerror=alert(1)>"\u202e';
    const main = pageOf([row(hostile, 'degraded', { key: 'a/b', group: hostile }, { state: hostile })]);
    assert.doesNotMatch(main, /<img|\u202e/);
  });

  it('tells what to do when nothing is watched yet', () => {
    const main = pageOf([]);
    assert.match(main, /Nothing is watched yet/);
    assert.match(main, /href="\/api\/docs"/);
  });

  it('gives one tile per area when there are several', () => {
    const main = pageOf([krios1, { ...arctica, key: 'network/edge' }]);
    assert.equal(main.match(/class="tile"/g)?.length, 2);
    assert.doesNotMatch(pageOf([krios1, arctica]), /class="tile"/);
  });

  it('of 1,000 rows is at most 1 MB, and 150 kB compressed', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({
      ...row(`Microscope number ${index}`, LEVELS[index % LEVELS.length] ?? 'unknown'),
      group: `Group ${index % 20}`,
    }));
    const bytes = Buffer.from(pageOf(rows));
    const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
    assert.ok(bytes.length < 1_000_000, `${bytes.length} bytes`);
    assert.ok(packed.length < 150_000, `${packed.length} bytes compressed`);
  });
});

describe('search and filter', () => {
  const rows = [krios1, krios2, row('Gerät Ä', 'operational', { group: 'Probenvorbereitung' }), arctica];
  const found = (query: string) => filterRows(rows, filterOf(new URLSearchParams(query)), view).map(({ name }) => name);

  it('finds words in any order, case and accent', () => {
    assert.deepEqual(found('q=2%20KRIOS'), ['Krios 2']);
    assert.deepEqual(found('q=gerat'), ['Gerät Ä']);
    assert.deepEqual(found('q=proben'), ['Gerät Ä']);
  });

  it('finds by state and by key', () => {
    assert.deepEqual(found('q=major'), ['Krios 1']);
    assert.deepEqual(found('q=facility%2Farc'), ['Arctica']);
  });

  it('shows one region and one category, and says at each row where it is when there are several', () => {
    const placed = ['Reg1', 'Reg2'].flatMap((region) => [
      row(`Storage ${region}`, 'operational', { group: 'Storage', attributes: { region } }),
      row(`Servers ${region}`, 'operational', { group: 'Compute', attributes: { region } }),
    ]);
    const names = (query: string) =>
      filterRows(placed, filterOf(new URLSearchParams(query)), view).map((one) => one.name);
    assert.deepEqual(names('region=Reg1'), ['Storage Reg1', 'Servers Reg1']);
    assert.deepEqual(names('region=Reg2&category=Compute'), ['Servers Reg2']);
    assert.match(pageOf(placed), /Storage Reg1 <small>Reg1<\/small>/);
    assert.doesNotMatch(pageOf(placed, 'region=Reg1'), /<small>Reg1<\/small>/);
    assert.match(pageOf(placed, 'category=Compute'), /href="\/\?region=Reg2&amp;category=Compute"/);
    assert.doesNotMatch(pageOf(rows), /All regions/);
  });

  it('calls regions as the catalogue does, in its order, and the others as they are', () => {
    const placed = ['eu-de', 'eu-nl', 'af'].map((region) =>
      row(`In ${region}`, 'operational', { attributes: { region } }),
    );
    const named = new Map([
      ['eu-nl', 'Netherlands'],
      ['us', 'Nobody is there'],
      ['eu-de', 'Germany'],
    ]);
    const page = pageOf(placed, '', named);
    assert.match(page, /All regions<.*>Netherlands<.*>Germany<.*>af</s);
    assert.match(page, /In eu-de <small>Germany<\/small>/);
    assert.doesNotMatch(page, /Nobody is there/);
  });

  it('shows one level, and ignores one that does not exist', () => {
    assert.deepEqual(found('level=degraded'), ['Krios 2']);
    assert.equal(found('level=broken').length, 4);
  });

  it('counts each level in a chip that keeps the search', () => {
    const main = pageOf(rows, 'q=krios');
    assert.match(main, /href="\/\?q=krios&amp;level=degraded"/);
    assert.match(main, /aria-current="true">All <b>4<\/b>/);
  });

  it('calls a level by the word all its components use', () => {
    const states = [row('A', 'major_outage', {}, { state: 'DOWN' }), row('B', 'major_outage', {}, { state: 'DOWN' })];
    assert.match(pageOf([...states, arctica]), /DOWN <b class="mj">2<\/b>/);
    const mixed = [...states, row('C', 'major_outage', {}, { state: 'BROKEN' }), arctica];
    assert.match(pageOf(mixed), /Major outage <b class="mj">3<\/b>/);
  });

  it('says that nothing fits, with the way back', () => {
    const main = pageOf(rows, 'q=%3Cb%3Ezzz');
    assert.match(main, /No component fits “&lt;b&gt;zzz”/);
    assert.match(main, /href="\/">Show everything/);
  });
});
