import type { MaintenanceStory } from './story.ts';

export const MAINTENANCE_STORIES: readonly MaintenanceStory[] = [
  {
    title: 'New firmware for the storage controllers',
    description: 'Controllers are updated one after the other. Volumes pause for a few seconds, twice.',
    services: ['block-storage'],
    hours: 4,
    notice: 9,
    told: { minutesAfter: 130, text: 'Half of the controllers are done, without a surprise.' },
  },
  {
    title: 'Replacement of a line card',
    description: 'The card that dropped packets is replaced. Traffic uses the second path meanwhile.',
    services: ['private-networks'],
    hours: 2,
    notice: 5,
  },
  {
    title: 'PostgreSQL: minor versions',
    description: 'Databases get the newest minor version. Each is restarted once, in its own maintenance window.',
    services: ['postgresql'],
    everywhere: true,
    hours: 6,
    notice: 14,
    told: { minutesAfter: 240, text: 'Two thirds of the databases are done.' },
  },
  {
    title: 'Kubernetes: new control planes',
    description: 'Control planes move to new machines. `kubectl` may fail for up to a minute; your workloads run on.',
    services: ['kubernetes'],
    hours: 3,
    notice: 7,
  },
  {
    title: 'Move of the sign-in database',
    description: 'Signing in is not possible for about ten minutes within this window. Open sessions go on.',
    services: ['sign-in'],
    everywhere: true,
    hours: 1,
    notice: 10,
  },
  {
    title: 'Electrical work in hall B',
    description: 'One of two feeds is switched off. Machines with two power supplies run on; all of ours have two.',
    services: ['bare-metal', 'gpu-nodes'],
    hours: 5,
    notice: 20,
    cancelled: { hoursBefore: 30, text: 'The electrician is ill. We announce a new date when there is one.' },
  },
  {
    title: 'Object Storage: new front ends',
    description: 'Front ends are replaced one by one. Single requests may be repeated by your client.',
    services: ['object-storage'],
    hours: 3,
    notice: 8,
  },
  {
    title: 'Message Queue: enlarging the brokers',
    description: 'Brokers get more memory. Consumers reconnect once.',
    services: ['message-queue'],
    hours: 2,
    notice: 6,
  },
  {
    title: 'DNS: new software on the name servers',
    description: 'Name servers are updated in turn; there is always one that answers.',
    services: ['dns'],
    everywhere: true,
    hours: 2,
    notice: 7,
  },
  {
    title: 'File shares: moving to new disks',
    description: 'Shares are copied while they are used, and are read-only for a minute at the end.',
    services: ['file-shares'],
    hours: 6,
    notice: 12,
  },
];

/** Comes again each month, so that one always lies ahead. */
export const PATCH_ROUND = {
  title: 'Monthly patch round of the console',
  description: 'The console is patched and restarted. It may be away for a minute; the API is not concerned.',
  services: ['console'],
  rule: 'FREQ=MONTHLY;BYDAY=3TU',
  time: '21:00',
  durationMinutes: 90,
} as const;

export const PRESENT = {
  /** Open for hours already, and the script leaves it alone: there is always something to read. */
  outage: {
    title: 'Some volumes in the north cannot be reached',
    impact: 2,
    services: ['block-storage', 'virtual-machines'],
    region: 'North',
    hoursOpen: 5,
    said: [
      [
        6,
        'analysing',
        'About 200 volumes stopped answering at once. Machines that use them hang. We are looking for what they have in common.',
      ],
      [41, 'fixing', 'They live in one rack that lost both its switches. Replacements are on their way to the hall.'],
      [
        190,
        'fixing',
        'The first switch is in place and **about half of the volumes are back**. Machines that hung should be restarted once. The second switch follows this afternoon.',
      ],
    ],
  },
  /** Opened by a monitor, touched by nobody. */
  machine: {
    title: 'Name resolution is slower than usual',
    impact: 1,
    service: 'dns',
    region: 'South',
    minutesOpen: 50,
  },
  planned: {
    title: 'Private Networks: new routers',
    description:
      'The routers of the region are replaced by larger ones.\n\n- Connections that are open are cut once and can be made anew at once.\n- Addresses and rules stay as they are.',
    services: ['private-networks', 'vpn-gateway'],
    region: 'South',
    inDays: 2,
    hours: 3,
  },
  /** Written by somebody whose maintenances are reviewed before anybody sees them. */
  waiting: {
    title: 'Cache: new major version',
    description: 'Instances are moved to the new version one by one. Each is empty for about a minute.',
    services: ['cache'],
    region: 'North',
    inDays: 6,
    hours: 4,
  },
  info: {
    title: 'TLS 1.1 is switched off at the end of the quarter',
    description:
      'From then on our APIs accept TLS 1.2 and 1.3 only. Nearly all clients use one of them already; the console shows you the ones that do not.',
    services: ['api-gateway'],
    daysKnown: 11,
    daysLeft: 45,
  },
} as const;
