import type { IncidentStory } from './story.ts';

/** What went wrong in the first half of a year: servers, disks and networks. */
export const INFRASTRUCTURE_STORIES: readonly IncidentStory[] = [
  {
    title: 'Virtual machines do not start',
    impact: 3,
    services: ['virtual-machines'],
    byMonitor: true,
    said: [
      [4, 'analysing', 'New virtual machines stay in *pending*. Machines that run already are not affected.'],
      [16, 'fixing', 'The scheduler lost its connection to the database of hosts. We are moving it to the standby.'],
      [31, 'observing', 'Machines start again. Those that waited are being started in the order of their requests.'],
      [52, 'resolved', 'All waiting machines have started. We keep the old database for the investigation.'],
    ],
    postmortem:
      'A certificate between the scheduler and its database expired at 03:00. Its renewal had failed silently for two weeks.\n\n**What we changed**\n\n- Renewals that fail raise an alarm on the first day.\n- The scheduler falls back to the standby by itself.',
  },
  {
    title: 'Slow starts of virtual machines',
    impact: 1,
    services: ['virtual-machines', 'gpu-nodes'],
    said: [
      [10, 'analysing', 'Starting a machine takes three to five minutes instead of one. Running machines are fine.'],
      [55, 'fixing', 'Copying of images is slow on one rack. We take it out of the rotation.'],
      [120, 'resolved', 'Starts take less than a minute again.'],
    ],
  },
  {
    title: 'One host lost its power supply',
    impact: 2,
    services: ['virtual-machines'],
    said: [
      [6, 'analysing', 'A host with 38 virtual machines went down. They are being restarted on other hosts.'],
      [24, 'observing', 'All but two machines are back; their owners have been written to.'],
      [70, 'resolved', 'The last two machines are back. The host stays off until its power supply is replaced.'],
    ],
  },
  {
    title: 'Provisioning of bare metal is delayed',
    impact: 1,
    services: ['bare-metal'],
    said: [
      [20, 'analysing', 'Orders of whole machines wait longer than usual. Delivered machines are not affected.'],
      [140, 'fixing', 'The network boot server was out of disk space. It is being cleaned.'],
      [230, 'resolved', 'Orders are delivered within 20 minutes again.'],
    ],
  },
  {
    title: 'Errors when uploading to Object Storage',
    impact: 2,
    services: ['object-storage'],
    byMonitor: true,
    said: [
      [5, 'analysing', 'About one upload in eight fails with `503`. Downloads work.'],
      [21, 'fixing', 'One of three front ends ran out of connections. We restart it with higher limits.'],
      [38, 'observing', 'No more errors since 15 minutes.'],
      [75, 'resolved', 'Uploads work. If your client gave up, please start it once more.'],
    ],
  },
  {
    title: 'Object Storage is not reachable',
    impact: 3,
    services: ['object-storage', 'container-registry'],
    byMonitor: true,
    said: [
      [3, 'analysing', 'All requests are answered with `503`. The registry depends on it and is down as well.'],
      [14, 'fixing', 'A change of the routing of this morning sent requests to an empty pool. It is being taken back.'],
      [26, 'observing', 'Requests are answered again. We watch the error rate.'],
      [60, 'resolved', 'The error rate has been normal for half an hour. Nothing that was stored was lost.'],
    ],
    postmortem:
      'The change had been tested in the other region, whose pool has another name. The check before the roll-out compared names only where both regions had them.\n\n**What we changed**\n\n- A pool without members is refused.\n- Routing changes reach one front end first, for ten minutes.',
  },
  {
    title: 'Slow volumes in Block Storage',
    impact: 1,
    services: ['block-storage'],
    said: [
      [12, 'analysing', 'Writes take up to ten times longer on some volumes.'],
      [48, 'fixing', 'Two disks rebuild at once. We slow the rebuild down so that your writes come first.'],
      [160, 'observing', 'Latencies are back to normal while the rebuild goes on slowly.'],
      [300, 'resolved', 'The rebuild is done.'],
    ],
  },
  {
    title: 'Volumes cannot be attached',
    impact: 2,
    services: ['block-storage', 'virtual-machines'],
    turns: {
      after: 18,
      impact: 3,
      text: 'Detaching fails as well, and new machines need a volume: this is an outage.',
    },
    said: [
      [7, 'analysing', 'Attaching volumes fails for some customers. Attached volumes work.'],
      [29, 'fixing', 'The controller holds locks of a host that is gone. We release them by hand.'],
      [58, 'observing', 'Attaching and detaching work again.'],
      [95, 'resolved', 'No failure for half an hour.'],
    ],
  },
  {
    title: 'File shares answer slowly',
    impact: 1,
    services: ['file-shares'],
    said: [
      [15, 'analysing', 'Listing large folders takes several seconds.'],
      [62, 'fixing', 'A metadata server ran at its limit; we move some shares to another one.'],
      [125, 'resolved', 'Answers come in the usual time.'],
    ],
  },
  {
    title: 'Last night’s backups are late',
    impact: 1,
    services: ['backup'],
    said: [
      [30, 'analysing', 'Backups that should have ended by 06:00 are still running. None has failed.'],
      [110, 'observing', 'Four of five are done. The line between the regions was slow during the night.'],
      [240, 'resolved', 'All backups of the night are complete.'],
    ],
  },
  {
    title: 'Packet loss between zones',
    impact: 2,
    services: ['private-networks', 'load-balancer'],
    byMonitor: true,
    said: [
      [4, 'analysing', 'Up to 5 % of the packets between two zones are lost.'],
      [18, 'fixing', 'A line card drops packets. Traffic is moved to the second path.'],
      [27, 'observing', 'No loss since the move.'],
      [64, 'resolved', 'The card will be replaced in the next maintenance. Until then the second path carries all.'],
    ],
  },
  {
    title: 'Load balancers return 502',
    impact: 3,
    services: ['load-balancer'],
    byMonitor: true,
    said: [
      [3, 'analysing', 'Many requests end with `502`.'],
      [12, 'fixing', 'The version rolled out an hour ago closes connections too early. We roll it back.'],
      [23, 'observing', 'The old version is back on all nodes.'],
      [45, 'resolved', 'Requests are answered as before. The roll-out is stopped until we know why.'],
    ],
    postmortem:
      'The new version closed idle connections to your machines after 5 seconds, which is shorter than what most web servers expect. Our tests kept connections busy and did not see it.\n\n**What we changed**\n\n- A test with idle connections.\n- Roll-outs stop by themselves when the rate of `502` doubles.',
  },
  {
    title: 'New DNS records appear late',
    impact: 1,
    services: ['dns'],
    everywhere: true,
    said: [
      [14, 'analysing', 'Changes of zones take up to 20 minutes to appear. Existing records are answered.'],
      [50, 'fixing', 'One name server does not follow. It gets the zones anew.'],
      [85, 'resolved', 'Changes appear within a minute.'],
    ],
  },
  {
    title: 'VPN tunnels drop every hour',
    impact: 1,
    services: ['vpn-gateway'],
    said: [
      [25, 'analysing', 'Some tunnels are cut when their keys are renewed and come back after a minute.'],
      [130, 'fixing', 'It concerns one vendor’s devices with IKEv1. We return to the former order of ciphers.'],
      [215, 'observing', 'Two renewals went well.'],
      [340, 'resolved', 'No tunnel was cut for two hours. Thank you to everybody who sent logs.'],
    ],
  },
];
