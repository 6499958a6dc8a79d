import type { Region } from './catalogue.data.ts';
import type { Said } from './story.ts';

/** An incident of the script: a monitor sees it, an operator tells the rest. */
export interface LifeStory {
  title: string;
  service: string;
  region: Region;
  /** Not 1: such a report would join what a monitor has opened before. */
  impact: 2 | 3;
  /** Minutes after the report; the last resolves it. */
  said: readonly [Said, ...Said[]];
}

/** A short maintenance of the script. */
export interface LifeMaintenance {
  title: string;
  description: string;
  service: string;
  region: Region;
}

/** None touches a service that something standing holds. */
export const LIFE_STORIES: readonly LifeStory[] = [
  {
    title: 'Health checks of load balancers flap',
    service: 'load-balancer',
    region: 'South',
    impact: 2,
    said: [
      [2, 'analysing', 'Healthy machines are taken out now and then and come back seconds later.'],
      [5, 'fixing', 'One of the nodes that check is overloaded. It hands its checks to the others.'],
      [8.5, 'observing', 'No machine was taken out for some minutes.'],
      [12, 'resolved', 'Health checks are steady.'],
    ],
  },
  {
    title: 'Image scans do not finish',
    service: 'container-registry',
    region: 'North',
    impact: 2,
    said: [
      [2, 'analysing', 'Images can be pushed and pulled, but new ones stay *unscanned*.'],
      [6, 'fixing', 'The scanner waits for its list of vulnerabilities. We give it the one of yesterday.'],
      [11, 'resolved', 'Waiting images are scanned.'],
    ],
  },
  {
    title: 'Functions are throttled too early',
    service: 'functions',
    region: 'South',
    impact: 2,
    said: [
      [2, 'analysing', 'Some functions are answered with `429` although they are within their limits.'],
      [5.5, 'fixing', 'Limits were counted twice after a restart. The counters are being reset.'],
      [9, 'observing', 'No more `429` without a reason.'],
      [12, 'resolved', 'Limits are counted right.'],
    ],
  },
  {
    title: 'A broker does not accept messages',
    service: 'message-queue',
    region: 'North',
    impact: 3,
    said: [
      [1.5, 'analysing', 'Sending fails for queues that live on one broker. Messages that were accepted are safe.'],
      [4, 'fixing', 'Its disk is full of logs. They are moved away.'],
      [7, 'observing', 'The broker accepts messages.'],
      [11, 'resolved', 'All queues work; nothing was lost.'],
    ],
  },
  {
    title: 'Orders of certificates fail',
    service: 'certificates',
    region: 'North',
    impact: 2,
    said: [
      [2, 'analysing', 'New certificates are not issued. Renewals wait and are not in danger.'],
      [7, 'observing', 'A name server did not show our proofs. It is repaired; orders go through.'],
      [11.5, 'resolved', 'All waiting orders are issued.'],
    ],
  },
  {
    title: 'New file shares cannot be mounted',
    service: 'file-shares',
    region: 'South',
    impact: 2,
    said: [
      [2, 'analysing', 'Shares made in the last hour refuse to be mounted. Older ones work.'],
      [5, 'fixing', 'Their rules of access did not reach the servers. They are being sent again.'],
      [10, 'resolved', 'New shares can be mounted.'],
    ],
  },
];

export const LIFE_MAINTENANCES: readonly LifeMaintenance[] = [
  {
    title: 'Backup: clearing of old copies',
    description: 'Copies that are due are removed. Restoring waits for some minutes.',
    service: 'backup',
    region: 'South',
  },
  {
    title: 'Key Vault: rotation of internal keys',
    description: 'Writing secrets waits for some seconds, reading goes on.',
    service: 'key-vault',
    region: 'South',
  },
  {
    title: 'Search: a larger index',
    description: 'The index moves to larger disks. Results may be some minutes old.',
    service: 'search',
    region: 'South',
  },
];
