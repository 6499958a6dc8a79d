import * as z from 'zod';
import { Auth } from './auth-section.ts';
import {
  cronPattern,
  filePath,
  listenAddress,
  mailAddress,
  networkPlace,
  networkRange,
  pemFile,
  secret,
  timeZone,
  webAddress,
} from './values.ts';

const count = (least: number, most: number) => z.int().min(least).max(most);

export const Site = z
  .object({
    title: z
      .string()
      .min(1)
      .max(80)
      .default('Signalbox')
      .describe('Name of the installation, in page titles, feeds and mails'),
    timezone: timeZone()
      .default(() => new Intl.DateTimeFormat().resolvedOptions().timeZone)
      .describe("IANA zone in which days begin and times are written where a visitor's own zone is not known")
      .meta({ defaultText: 'the zone of the machine', examples: ['Europe/Rome'] }),
  })
  .prefault({})
  .describe('What the installation is called and where it stands');
export type Site = z.output<typeof Site>;

const Limits = z
  .object({
    pages: count(1, 1_000_000)
      .default(600)
      .describe('Pages made anew per minute for one address; kept pages do not count'),
    forms: count(1, 1_000_000).default(60).describe('Forms sent per minute by one address'),
    denials: count(1, 1_000_000)
      .default(30)
      .describe('Refusals (wrong token, wrong password) per minute to one address before it has to wait'),
    streams: count(1, 10_000).default(20).describe('Live pages open at once for one address'),
  })
  .prefault({})
  .describe('What one client address may ask for')
  .meta({ restart: true });

export const Http = z
  .object({
    listen: listenAddress()
      .prefault('127.0.0.1:8080')
      .describe(
        'Address and port to listen on; ":8080" is every address of the machine. The variable PORT replaces the port',
      )
      .meta({ restart: true }),
    public_url: webAddress()
      .describe('The address people use, with the path prefix if there is one; every absolute link begins with it')
      .meta({ restart: true, examples: ['https://status.example.org'] }),
    trusted_proxies: z
      .array(networkRange().describe('Address or range of a proxy'))
      .max(100)
      .default([])
      .describe("Proxies whose X-Forwarded-For, -Proto and -Host are believed; nobody else's are")
      .meta({ restart: true, examples: [['127.0.0.1']] }),
    tls: z
      .object({
        certificate_file: pemFile('certificate')
          .describe('PEM file with the certificate and its chain; read again when it changes')
          .meta({ examples: ['/etc/signalbox/fullchain.pem'] }),
        key_file: pemFile('key')
          .describe('PEM file with the private key; read again when it changes')
          .meta({ examples: ['/etc/signalbox/key.pem'] }),
      })
      .optional()
      .describe('Speak HTTPS without a proxy')
      .meta({ restart: true }),
    limits: Limits,
  })
  .describe('Where pages are served');
export type Http = z.output<typeof Http>;

export const Data = z
  .object({
    folder: filePath()
      .default('data')
      .describe('Folder of everything that is kept; created with its parents. The variable SIGNALBOX_DATA replaces it')
      .meta({ restart: true }),
  })
  .prefault({})
  .describe('Where things are kept');
export type Data = z.output<typeof Data>;

const Backup = z
  .object({
    schedule: cronPattern()
      .optional()
      .describe(
        'When to back up by itself, as a cron pattern in the zone of the site; never when absent. For PostgreSQL pg_dump must be there',
      )
      .meta({ restart: true, examples: ['30 2 * * *'] }),
    keep: count(1, 10_000)
      .default(14)
      .describe('Number of scheduled backups kept; older ones are removed')
      .meta({ restart: true }),
    folder: filePath()
      .optional()
      .describe('Folder of the backups')
      .meta({ restart: true, defaultText: '`backups` in the data folder', examples: ['/var/backups/signalbox'] }),
  })
  .prefault({})
  .describe('Backups taken while running');

export const DatabaseSettings = z
  .object({
    url: z
      .string()
      .min(1)
      .refine((text) => /^(sqlite:|postgres(ql)?:\/\/)/.test(text), {
        error: 'is neither a SQLite nor a PostgreSQL address',
        params: { remedy: 'Write sqlite:<path> or postgres://user:password@host:5432/database.' },
      })
      .refine((text) => !/^postgres(ql)?:\/\/[^/@]*:(change-?me|password|secret|dummy_secret)@/i.test(text), {
        error: 'holds a default password that everybody knows',
        params: { remedy: 'Give the database account a password of its own: openssl rand -hex 32.' },
      })
      .optional()
      .describe('sqlite:<path> or postgres://user:password@host:5432/database')
      .meta({
        secret: true,
        restart: true,
        defaultText: '`signalbox.db` in the data folder',
        examples: [`postgres://signalbox:\${DATABASE_PASSWORD}@db.example.org:5432/signalbox`],
      }),
    backup: Backup,
  })
  .prefault({})
  .describe('The database: SQLite, or PostgreSQL when one machine is not enough');

export const Smtp = z
  .object({
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:-]{1,253}$/, { error: 'is not a host name' })
      .optional()
      .describe('Mail server; without it no mail is sent, and forgotten passwords need `signalbox admin reset`')
      .meta({ examples: ['mail.example.org'] }),
    port: count(1, 65_535)
      .optional()
      .describe('Port of the mail server')
      .meta({ defaultText: '587 with starttls, 465 with tls, 25 with none', examples: [587] }),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe(
        'How the connection is protected. A server that does not offer it gets no mail; "none" only within one machine or network you trust',
      ),
    user: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Account on the mail server')
      .meta({ examples: ['signalbox'] }),
    password: secret({ minLength: 1 })
      .optional()
      .describe('Its password')
      .meta({ examples: [`\${SMTP_PASSWORD}`] }),
    from: mailAddress()
      .optional()
      .describe('Sender of every mail')
      .meta({ examples: ['signalbox@example.org'] }),
    ca_file: pemFile('authority')
      .optional()
      .describe("PEM file with the certificate of your own authority, if the mail server's is signed by one")
      .meta({ examples: ['/etc/signalbox/ca.pem'] }),
  })
  .prefault({})
  .superRefine((smtp, context) => {
    const complain = (key: string, message: string, remedy: string) =>
      context.addIssue({ code: 'custom', path: [key], message, params: { remedy } });
    if (smtp.host === undefined) return;
    if (smtp.from === undefined) complain('from', 'is missing', 'Say who mails come from, e.g. signalbox@example.org.');
    if ((smtp.user === undefined) !== (smtp.password === undefined)) {
      const key = smtp.user === undefined ? 'user' : 'password';
      complain(key, 'is missing', 'User and password go together: give both, or none.');
    }
    if (smtp.security === 'none' && smtp.user !== undefined && !/^(localhost|127\.|::1$)/.test(smtp.host)) {
      complain('security', 'would send the password in the clear', 'Use starttls or tls.');
    }
  })
  .describe('Outgoing mail');
export type Smtp = z.output<typeof Smtp>;

export const Egress = z
  .object({
    allow: z
      .array(networkPlace().describe('Host, host:port, IP address or CIDR range'))
      .max(200)
      .default([])
      .describe(
        'Places that addresses typed by visitors and in the admin pages may lead to although they are private: a host, with a port or on any, an IP address, a CIDR range',
      )
      .meta({ examples: [['chat.example.org', '10.20.0.0/16']] }),
    allow_http: z
      .boolean()
      .default(false)
      .describe('Take such addresses with http as well as https; what is sent can then be read on its way'),
    ca_file: pemFile('authority')
      .optional()
      .describe(
        'PEM file with the certificate of your own authority, trusted for these requests beside the public ones',
      )
      .meta({ examples: ['/etc/signalbox/ca.pem'] }),
  })
  .prefault({})
  .describe('Requests to addresses that people typed: webhooks, Slack, Teams');
export type Egress = z.output<typeof Egress>;

export const Log = z
  .object({
    level: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info')
      .describe('Least serious lines that are written')
      .meta({ restart: true }),
  })
  .prefault({})
  .describe('Log lines, as JSON on standard output');
export type Log = z.output<typeof Log>;

export const Retention = z
  .object({
    journal_days: count(1, 3650)
      .default(30)
      .describe('Days after which delivered events leave the journal; the history of each status is kept for ever'),
  })
  .prefault({})
  .describe('How long things are kept');
export type Retention = z.output<typeof Retention>;

export const Availability = z
  .object({
    downFrom: z
      .enum(['degraded', 'partial_outage', 'major_outage'])
      .default('major_outage')
      .describe('Least level that counts as down in availability figures'),
  })
  .prefault({})
  .describe('How uptime is counted');
export type Availability = z.output<typeof Availability>;

/** The sections that are there whatever modules there are, in the order of the documentation. */
export const platformSections = {
  site: Site,
  http: Http,
  data: Data,
  database: DatabaseSettings,
  auth: Auth,
  smtp: Smtp,
  egress: Egress,
  log: Log,
  retention: Retention,
  availability: Availability,
};
