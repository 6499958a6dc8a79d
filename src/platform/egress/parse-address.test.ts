import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { systemClock } from '../../core/index.ts';
import { createEgress } from './index.ts';
import { isInner } from './inner-addresses.ts';
import { parseIp } from './ip.ts';

interface Settings {
  allow?: readonly string[];
  allow_http?: boolean;
  own?: readonly string[];
}

function egress({ allow = [], allow_http = true, own = [] }: Settings = {}) {
  const config = { allow: [...allow], allow_http };
  return createEgress({ config: () => config, clock: systemClock, ownAddresses: () => own });
}

function problem(address: string, settings?: Settings): string | undefined {
  return egress(settings).checkAddress(address, { field: 'url', language: 'en' })?.problem;
}

const INNER = 'leads to this machine or into a private network';

describe('attack 9: an address that means an inner machine', () => {
  for (const host of [
    '127.0.0.1',
    '127.255.255.254',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '00000177.0.0.1',
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '１２７.0.0.1',
    '127。0。0。1',
    '0.0.0.0',
    '0',
    '10.1.2.3',
    '167772161',
    '100.64.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '[::]',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[0000:0000:0000:0000:0000:0000:0000:0001]',
    '[::127.0.0.1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:a9fe:a9fe]',
    '[::ffff:0:10.0.0.1]',
    '[64:ff9b::10.0.0.1]',
    '[64:ff9b::169.254.169.254]',
    '[64:ff9b:1::8.8.8.8]',
    '[2002:7f00:1::]',
    '[2002:a00:1::1]',
    '[2002:c0a8:101::]',
    '[2001:0:53aa:64c:0:0:80ff:fffe]',
    '[2001:2::1]',
    '[2001:db8::1]',
    '[3fff::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[100::1]',
    '[5f00::1]',
    'localhost',
    'LOCALHOST',
    'ⓛocalhost',
    'localhost.',
    'a.localhost',
    'localhost.localdomain',
    'metadata.google.internal',
    'metadata.google.internal.',
    'metadata',
    'printer.local',
    'db.corp',
    'nas.home.arpa',
    'redis.default.svc.cluster.local',
  ]) {
    it(`is refused as ${host}`, () => {
      for (const rest of ['', '/', ':8080/x', '?q', '#f']) assert.equal(problem(`http://${host}${rest}`), INNER, rest);
      assert.equal(problem(`https://${host}/`), INNER);
    });
  }

  it('is refused when it is an address of this machine, public as it may be', () => {
    const own = ['93.184.216.34', '2606:2800:220:1::1', 'fe80::1%eth0'];
    for (const host of ['93.184.216.34', '[::ffff:93.184.216.34]', '[2606:2800:220:1:0::1]', '0x5db8d822']) {
      assert.equal(problem(`https://${host}/`), undefined);
      assert.equal(problem(`https://${host}/`, { own }), INNER, host);
    }
  });

  for (const [address, words] of [
    ['file:///etc/passwd', 'does not begin with https://'],
    ['gopher://127.0.0.1:6379/_FLUSHALL', 'does not begin with https://'],
    ['ftp://hooks.example.org/', 'does not begin with https://'],
    ['javascript:alert(1)', 'does not begin with https://'],
    ['data:text/plain,x', 'does not begin with https://'],
    ['unix:/var/run/docker.sock', 'does not begin with https://'],
    ['https://hooks.example.org@127.0.0.1/', 'holds a name or a password before an @'],
    ['https://user:password@hooks.example.org/', 'holds a name or a password before an @'],
    ['https://@hooks.example.org/', 'holds a name or a password before an @'],
    ['https://:@hooks.example.org/', 'holds a name or a password before an @'],
    ['https://127.0.0.1\\@hooks.example.org/', 'is not a web address'],
    ['https://hooks.example.org\\.inner.test/', 'is not a web address'],
    ['https:127.0.0.1', 'is not a web address'],
    ['https:\\\\127.0.0.1\\', 'is not a web address'],
    ['https:////127.0.0.1/', 'is not a web address'],
    ['//hooks.example.org/', 'is not a web address'],
    ['hooks.example.org', 'is not a web address'],
    ['', 'is not a web address'],
    ['https://', 'is not a web address'],
    ['https://a..b/', 'is not a web address'],
    ['https://hooks.example.org:99999/', 'is not a web address'],
    ['https://[fe80::1%25eth0]/', 'is not a web address'],
    ['https://999.1.1.1/', 'is not a web address'],
    ['https://hooks.example.org:0/', 'names port 0, which does not exist'],
    ['https://hooks.example.org/\r\nHost: 127.0.0.1', 'holds a line break or another character that cannot be seen'],
    ['https://hooks.example.org/\n', 'holds a line break or another character that cannot be seen'],
    ['https://hooks.exa\tmple.org/', 'holds a line break or another character that cannot be seen'],
    ['https://hooks\u00ad.example.org/', 'holds a line break or another character that cannot be seen'],
    ['https://hooks.example.org/\u202e', 'holds a line break or another character that cannot be seen'],
    ['https://hooks.example.org/\u0000', 'holds a line break or another character that cannot be seen'],
    [`https://hooks.example.org/${'x'.repeat(2000)}`, 'is longer than 2,000 characters'],
  ] as const) {
    it(`is refused as ${JSON.stringify(address.slice(0, 60))}`, () => assert.equal(problem(address), words));
  }

  it('is refused with http, unless the configuration takes it', () => {
    assert.equal(problem('http://hooks.example.org/', { allow_http: false }), 'would be sent unprotected');
    assert.equal(problem('http://hooks.example.org/', { allow_http: true }), undefined);
  });

  it('is refused in every spelling of every IPv4 address of its range, and no other is', () => {
    const form = fc.constantFrom('decimal', 'octal', 'hex', 'HEX');
    const spelt = fc.record({
      value: fc.oneof(
        fc.nat({ max: 2 ** 32 - 1 }),
        fc
          .constantFrom(0x7f_00_00_01, 0x0a_00_00_00, 0xa9_fe_a9_fe, 0xc0_a8_00_00)
          .chain((base) => fc.nat({ max: 255 }).map((rest) => base + rest)),
      ),
      parts: fc.integer({ min: 1, max: 4 }),
      forms: fc.array(form, { minLength: 4, maxLength: 4 }),
      zeros: fc.nat({ max: 3 }),
      dot: fc.constantFrom('', '.'),
    });
    fc.assert(
      fc.property(spelt, ({ value, parts, forms, zeros, dot }) => {
        const host = spelling(value, parts, (part, at) => written(part, forms[at] ?? 'decimal', zeros)) + dot;
        const dotted = [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
        const expected = isInner(parseIp(dotted)!) ? INNER : undefined;
        assert.equal(problem(`https://${host}/`), expected, `${host} is ${dotted}`);
        assert.equal(problem(`https://[::ffff:${dotted}]/`), expected, dotted);
        assert.equal(problem(`https://[64:ff9b::${dotted}]/`), expected, dotted);
      }),
      { numRuns: 2000 },
    );
  });
});

/** `a.b.c` stands for an address whose last part has the bits of all that are missing. */
function spelling(value: number, parts: number, write: (part: number, at: number) => string): string {
  const front = Array.from({ length: parts - 1 }, (_, at) => Math.floor(value / 2 ** (24 - 8 * at)) % 256);
  const rest = value % 2 ** (8 * (5 - parts));
  return [...front, rest].map(write).join('.');
}

function written(part: number, form: string, zeros: number): string {
  if (form === 'decimal') return String(part);
  const pad = '0'.repeat(zeros);
  if (form === 'octal') return `0${pad}${part.toString(8)}`;
  return form === 'hex' ? `0x${pad}${part.toString(16)}` : `0X${pad}${part.toString(16).toUpperCase()}`;
}

describe('an address of the internet', () => {
  for (const address of [
    'https://hooks.slack.com/services/T000/B000/XXXX',
    'https://hooks.example.org:8443/a?b=c#d',
    'https://8.8.8.8/',
    'https://134744072/',
    'https://[2606:4700::1111]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[64:ff9b::8.8.8.8]/',
    'https://[2002:808:808::1]/',
    'https://münchen.example/',
    'https://mail.localhost.example/',
    'https://100.63.255.255/',
    'https://100.128.0.1/',
    'https://172.15.0.1/',
    'https://172.32.0.1/',
    'HTTPS://HOOKS.EXAMPLE.ORG/@x',
  ]) {
    it(`is taken: ${address}`, () => assert.equal(problem(address, { allow_http: false }), undefined));
  }
});

describe('an exception in egress.allow', () => {
  const table: [allow: string, taken: string[], refused: string[]][] = [
    ['chat.corp', ['http://chat.corp/x', 'http://CHAT.corp.:8065/'], ['http://chat2.corp/', 'http://a.chat.corp/']],
    ['chat.corp:8065', ['http://chat.corp:8065/'], ['http://chat.corp/', 'https://chat.corp/']],
    ['chat.corp:443', ['https://chat.corp/'], ['http://chat.corp/']],
    ['10.1.2.3', ['http://10.1.2.3/', 'http://0xa010203/', 'http://[::ffff:10.1.2.3]/'], ['http://10.1.2.4/']],
    ['10.1.2.3:8065', ['http://10.1.2.3:8065/'], ['http://10.1.2.3/']],
    ['10.1.0.0/16', ['http://10.1.255.255:1/', 'http://some.corp/'], ['http://10.2.0.0/']],
    ['fd00::/8', ['http://[fd12::1]/'], ['http://[fe80::1]/', 'http://[::1]/']],
    ['[fd00::1]:80', ['http://[fd00::1]/'], ['http://[fd00::1]:81/', 'http://[fd00::2]/']],
    ['::1', ['http://[::1]:9/'], ['http://127.0.0.1/']],
    ['München.corp', ['http://xn--mnchen-3ya.corp/'], ['http://munchen.corp/']],
  ];
  for (const [allow, taken, refused] of table) {
    it(`counts for what it names: ${allow}`, () => {
      for (const address of taken) assert.equal(problem(address, { allow: [allow] }), undefined, address);
      for (const address of refused) assert.equal(problem(address, { allow: [allow] }), INNER, address);
    });
  }

  it('does not stand for http', () => {
    assert.equal(
      problem('http://chat.corp/', { allow: ['chat.corp'], allow_http: false }),
      'would be sent unprotected',
    );
  });

  it('is told apart from addresses that need none', () => {
    const door = egress({ allow: ['chat.corp', '10.0.0.0/8'] });
    for (const [address, excepted] of [
      ['https://chat.corp/hooks/x', true],
      ['https://10.9.8.7/hooks/x', true],
      ['https://hooks.example.org/', false],
      ['not an address', false],
    ] as const) {
      assert.equal(door.isExcepted(address), excepted, address);
    }
  });
});

describe('a problem with an address', () => {
  it('names the field, what was typed and what would be right, in the language of the form', () => {
    const address = 'https://alice:s3cret@hooks.example.org/services/x';
    const form = { field: '/url', language: 'it' } as const;
    assert.deepEqual(egress().checkAddress(address, form), {
      field: '/url',
      value: 'https://…@hooks.example.org/services/x',
      problem: 'contiene un nome o una password prima di una @',
      remedy: 'Togli ciò che sta tra // e @.',
    });
  });

  it('shows what was typed on one short line', () => {
    const found = egress().checkAddress(`ftp://a\r\nb\u202e${'x'.repeat(500)}`, { field: 'url', language: 'en' });
    assert.match(found?.value ?? '', /^ftp:\/\/a b x{68,70}…$/);
  });
});
