import * as z from 'zod';
import { DAY, HOUR, MINUTE, SECOND } from '../../core/index.ts';
import { isMailAddress, secret } from '../../platform/config/index.ts';
import { IMPACTS } from './domain/incident.ts';

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** `90s`, `5m`, `36h`, `7d` as milliseconds. */
function duration(standard: string) {
  return z
    .string()
    .regex(/^\d{1,6}(s|m|h|d)$/, 'write a whole number and s, m, h or d, such as 90s, 15m or 36h')
    .default(standard)
    .transform((text) => Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? 0));
}

/** Mail addresses, each once: case and spaces around them make no difference. */
function addresses() {
  return z
    .array(
      z
        .string()
        .refine((text) => isMailAddress(text.trim()), 'is not a mail address')
        .transform((text) => text.trim().toLowerCase()),
    )
    .default([])
    .transform((given) => [...new Set(given)]);
}

const Alertmanager = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'use a-z, 0-9 and -, at most 50 characters')
    .describe('Its name in the address /hooks/alertmanager/<id>.')
    .meta({ examples: ['main'] }),
  token: secret().describe('What Alertmanager sends as bearer token (http_config.authorization.credentials).'),
  component_label: z
    .string()
    .min(1)
    .max(100)
    .default('component')
    .describe('Label that holds the key of the component, or its name together with the region label.'),
  region_label: z.string().min(1).max(100).default('region').describe('Label that holds the region.'),
  severity_label: z.string().min(1).max(100).default('severity').describe('Label that says how bad it is.'),
  severities: z
    .record(z.string().min(1).max(100), z.enum(['notice', 'degraded', 'partial_outage', 'major_outage']))
    .default({ info: 'notice', warning: 'degraded', error: 'partial_outage', critical: 'major_outage' })
    .describe('What each severity means; any other is degraded.'),
  alert_life: duration('5h').describe(
    'How long an alert counts that is not sent again. Longer than repeat_interval of Alertmanager, which is 4h unless configured; after that its component is unknown.',
  ),
});
export type AlertmanagerSettings = z.output<typeof Alertmanager>;

export const StatusPageConfig = z
  .strictObject({
    message: z
      .string()
      .max(500)
      .optional()
      .describe('A sentence above the overview, for everybody.')
      .meta({ examples: ['The laboratory is closed from 24 December to 6 January.'] }),
    without_reports: z
      .enum(['operational', 'unknown'])
      .default('operational')
      .describe(
        'What a component of the catalogue is while no incident holds it and no monitor reports: operational because the people who write incidents vouch for it, or unknown.',
      ),
    component_defaults: z
      .strictObject({
        target: z.number().gt(0).max(100).default(99.9).describe('Promised availability in percent of a month.'),
      })
      .prefault({})
      .describe('For components whose catalogue entry says nothing else.'),
    report_life: duration('15m').describe('How long the report of a monitor counts when it is not repeated.'),
    report_repeat: duration('20s').describe('A repetition within this time is answered without being stored.'),
    incident_patterns: z
      .array(z.string().min(1).max(210))
      .default(['status-page/*'])
      .describe(
        'Components for which a signal at degraded or worse opens or worsens an incident by itself; * is anything.',
      ),
    incident_title: z
      .string()
      .min(1)
      .max(200)
      .default('Incident')
      .describe('Title of an incident that a machine opens.'),
    auto_close: duration('0s').describe(
      'Closes an incident that a machine opened and nobody touched, when machines have said nothing bad for this long since its last trouble ended. A signal that only expired ends none. 0s: people close.',
    ),
    notice_period: duration('36h').describe(
      'A maintenance announced later than this before its start asks for confirmation.',
    ),
    checker_interval: duration('60s').describe('How often planned maintenances are started and ended by the clock.'),
    contact_domains: z
      .array(z.string().min(1).max(200))
      .default([])
      .describe('Domains that the contact address of a maintenance may be in. Empty: any.'),
    maintenance_mail: z
      .strictObject({
        reviewers: addresses()
          .describe('Who is mailed when a maintenance waits for its review, and when it is approved.')
          .meta({ examples: [['change-board@example.org']] }),
        to_contact: z
          .boolean()
          .default(true)
          .describe('Whether the contact address of a maintenance is mailed when its status changes.'),
        exclude: addresses().describe('Addresses that are never mailed about maintenances.'),
        language: z.enum(['en', 'it']).default('en').describe('Of these mails.'),
      })
      .prefault({})
      .describe('Mails to staff about maintenances; none while no mail server is configured (smtp).'),
    availability_impact: z
      .union(IMPACTS.filter((impact) => impact > 0).map((impact) => z.literal(impact)))
      .optional()
      .describe('Least impact that counts as down in availability figures.')
      .meta({ defaultText: 'what `availability.downFrom` says' }),
    v1_impacts: z
      .array(z.int().min(1).max(3))
      .min(1)
      .default([1, 2, 3])
      .describe('Impacts that /api/v1/component_status accepts.'),
    alertmanager: z.array(Alertmanager).default([]).describe('Alertmanagers that may send alerts.'),
    subscriptions: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Whether visitors may subscribe.'),
        group_within: duration('60s').describe('Changes of this time go out as one message to a subscriber.'),
        max_per_address: z.int().min(1).max(1000).default(20).describe('Subscriptions that one target may have.'),
      })
      .prefault({})
      .describe('Messages to visitors.'),
  })
  .prefault({})
  .describe('The status page: catalogue, incidents, maintenances, subscriptions');
export type StatusPageConfig = z.output<typeof StatusPageConfig>;
