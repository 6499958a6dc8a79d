import type { IncidentStory } from './story.ts';

/** What went wrong with what stands on servers: containers, databases, identity, the console. */
export const PLATFORM_STORIES: readonly IncidentStory[] = [
  {
    title: 'Kubernetes control planes are slow',
    impact: 1,
    services: ['kubernetes'],
    said: [
      [9, 'analysing', '`kubectl` takes several seconds. What runs in the clusters is not affected.'],
      [41, 'fixing', 'The store behind the control planes compacts. We spread the load over more nodes.'],
      [88, 'resolved', 'Answers are quick again.'],
    ],
  },
  {
    title: 'Nodes do not join new clusters',
    impact: 2,
    services: ['kubernetes'],
    said: [
      [11, 'analysing', 'New nodes stay in *NotReady*. Existing nodes are fine.'],
      [37, 'fixing', 'The image of the nodes points to a package that was renamed. A corrected image is on its way.'],
      [66, 'observing', 'New nodes join. Please recreate nodes that were made in the last hour.'],
      [110, 'resolved', 'All node pools have the corrected image.'],
    ],
  },
  {
    title: 'Pulls from the registry time out',
    impact: 1,
    services: ['container-registry'],
    byMonitor: true,
    said: [
      [6, 'analysing', 'Large images time out now and then; a second try mostly helps.'],
      [33, 'fixing', 'A cache in front of the registry is full. We enlarge it.'],
      [59, 'resolved', 'Pulls take their usual time.'],
    ],
  },
  {
    title: 'Functions start with a delay',
    impact: 1,
    services: ['functions'],
    said: [
      [13, 'analysing', 'The first call of a function takes up to eight seconds.'],
      [46, 'observing', 'More workers were added; starts take less than a second.'],
      [90, 'resolved', 'It stayed that way during the busiest hour.'],
    ],
  },
  {
    title: 'Failovers of PostgreSQL take too long',
    impact: 2,
    services: ['postgresql'],
    turns: {
      after: 52,
      impact: 1,
      text: 'No database is without a primary any more. Backups of some are still paused.',
    },
    said: [
      [8, 'analysing', 'After a host failed, some databases had no primary for several minutes.'],
      [25, 'fixing', 'Replicas wait for each other. We promote them by hand, the largest first.'],
      [75, 'observing', 'All databases have a primary and a replica. Backups run again.'],
      [130, 'resolved', 'Everything is as before the failure.'],
    ],
    postmortem:
      'Two replicas each believed the other to be ahead, because their clocks differed by 40 ms.\n\n**What we changed**\n\n- Replicas compare positions in the log, not times.\n- A test stops a host every week.',
  },
  {
    title: 'Connections to Cache are refused',
    impact: 3,
    services: ['cache'],
    byMonitor: true,
    said: [
      [4, 'analysing', 'Connections are refused for about half of the instances.'],
      [13, 'fixing', 'A firewall rule was rolled out with a wrong range. It is being taken back.'],
      [22, 'resolved', 'All instances can be reached. Data in memory was kept.'],
    ],
  },
  {
    title: 'Messages are delivered late',
    impact: 1,
    services: ['message-queue'],
    said: [
      [10, 'analysing', 'Messages arrive up to four minutes late. None is lost.'],
      [35, 'fixing', 'One broker is behind after a restart. Its partitions move to the others.'],
      [80, 'observing', 'The backlog is gone.'],
      [115, 'resolved', 'Messages arrive within a second.'],
    ],
  },
  {
    title: 'Search returns old results',
    impact: 1,
    services: ['search'],
    said: [
      [22, 'analysing', 'Documents of the last two hours are not found.'],
      [95, 'fixing', 'An index stopped at a document it could not read. It is skipped and told to its owner.'],
      [180, 'resolved', 'All documents are indexed.'],
    ],
  },
  {
    title: 'Sign-in fails for some people',
    impact: 2,
    services: ['sign-in', 'console'],
    everywhere: true,
    byMonitor: true,
    said: [
      [3, 'analysing', 'Signing in through a company’s own provider fails. Sessions that are open go on.'],
      [17, 'fixing', 'A provider changed its keys and we kept the old ones too long. They are being read anew.'],
      [28, 'observing', 'Signing in works.'],
      [55, 'resolved', 'We now read keys anew as soon as one is unknown.'],
    ],
  },
  {
    title: 'Secrets cannot be written',
    impact: 2,
    services: ['key-vault'],
    said: [
      [7, 'analysing', 'Reading secrets works, writing is refused.'],
      [19, 'fixing', 'The vault is in read-only mode after a disk alarm that was false. We end it by hand.'],
      [34, 'resolved', 'Secrets can be written.'],
    ],
  },
  {
    title: 'Renewals of certificates are paused',
    impact: 1,
    services: ['certificates'],
    everywhere: true,
    said: [
      [
        40,
        'analysing',
        'The authority that signs our certificates has an outage. Valid certificates are not affected.',
      ],
      [200, 'observing', 'The authority is back. Waiting renewals are being worked off.'],
      [320, 'resolved', 'All renewals are done; no certificate has expired.'],
    ],
  },
  {
    title: 'The console shows outdated lists',
    impact: 1,
    services: ['console'],
    everywhere: true,
    said: [
      [8, 'analysing', 'New machines and volumes appear after some minutes. The API is right.'],
      [44, 'fixing', 'The cache of the console does not hear of changes. We restart what tells it.'],
      [70, 'resolved', 'Lists are up to date.'],
    ],
  },
  {
    title: 'Elevated error rates of the API',
    impact: 2,
    services: ['api-gateway'],
    byMonitor: true,
    said: [
      [4, 'analysing', 'About 3 % of the calls fail with `504`.'],
      [20, 'fixing', 'One gateway answers slowly and is taken out.'],
      [31, 'observing', 'The error rate is below 0.01 %.'],
      [58, 'resolved', 'The gateway is repaired and back.'],
    ],
  },
  {
    title: 'Gaps in metrics',
    impact: 1,
    services: ['metrics'],
    said: [
      [18, 'analysing', 'Curves have gaps since this morning. Alarms that rest on them may be late.'],
      [65, 'fixing', 'A collector does not keep up; its work is shared.'],
      [105, 'resolved', 'No more gaps. What was missed cannot be filled in.'],
    ],
  },
];
