/** What the demo's lab has, and what happens there. Labels carry the prefix `D:`. */
export const DEVICE_PREFIX = 'D:';

export interface DeviceGroup {
  name: string;
  /** Groups stand in the order of their colours' text. */
  color: string;
  devices: readonly string[];
}

export const DEVICE_GROUPS: readonly DeviceGroup[] = [
  {
    name: 'Microscopes',
    color: '#0e7490',
    devices: ['Arctica', 'Glacios', 'Krios 1', 'Krios 2', 'Spirit 120', 'Versa FIB-SEM'],
  },
  {
    name: 'Sample preparation',
    color: '#3f7d20',
    devices: ['Glow Discharger', 'HP Freezer', 'Microtome 7', 'Plunger EM2', 'Vitrobot 1', 'Vitrobot 2'],
  },
  {
    name: 'Detectors & cameras',
    color: '#7c3aed',
    devices: ['CMOS Camera', 'EDX Detector', 'Energy Filter', 'Falcon 4', 'K3 Camera'],
  },
  {
    name: 'Cryo & storage',
    color: '#b45309',
    devices: ['Cryo Store A', 'Cryo Store B', 'Data Store', 'Freezer −80', 'LN2 Supply'],
  },
];

export const DEVICES: readonly string[] = DEVICE_GROUPS.flatMap((group) => group.devices);

export const SPECIAL_LABELS: readonly { title: string; color: string; description: string }[] = [
  { title: 'CRITICAL', color: '#c81e1e', description: 'The device cannot be used' },
  { title: 'Information', color: '#1f75cb', description: 'Works; something is worth knowing' },
  { title: 'Logbook', color: '#47699a', description: 'For the record; says nothing about the device' },
];

export type DeviceState = 'RUNNING' | 'RUNNING | INFO' | 'LIMITED' | 'DOWN';

export const PEOPLE = [
  { id: 12, name: 'Mia Beck', username: 'mbeck' },
  { id: 14, name: 'Jon Ito', username: 'jito' },
  { id: 15, name: 'Ana Roy', username: 'aroy' },
  { id: 16, name: 'Luca Ferri', username: 'lferri' },
  { id: 17, name: 'Priya Nair', username: 'pnair' },
  { id: 18, name: 'Tomasz Wilk', username: 'twilk' },
] as const;
export type Person = (typeof PEOPLE)[number];
export type Username = Person['username'];

export interface StandingIssue {
  title: string;
  description: string;
  labels: readonly string[];
  confidential: boolean;
  author: Username;
  hoursOpen: number;
  comments: readonly { author: Username; body: string; hoursAgo: number }[];
}

/** Open at the start and left alone by the script: they hold each state on at least one device. */
export const STANDING_ISSUES: readonly StandingIssue[] = [
  {
    title: 'Column vacuum lost, service on its way',
    description:
      'IGP 1 dropped to 10⁻⁵ Pa during the night. Column valves are closed, do not open them.\n\nService visit is booked.',
    labels: ['CRITICAL', 'D:Glacios'],
    confidential: false,
    author: 'aroy',
    hoursOpen: 52,
    comments: [
      { author: 'lferri', body: 'Leak checked the load lock: tight. It is the column.', hoursAgo: 44 },
      { author: 'aroy', body: 'Engineer comes on Thursday with a new gate valve.', hoursAgo: 20 },
    ],
  },
  {
    title: 'Dark stripe in the upper left quadrant',
    description: 'Gain reference does not remove it. Usable for screening, not for data collection.',
    labels: ['D:K3 Camera'],
    confidential: false,
    author: 'pnair',
    hoursOpen: 30,
    comments: [{ author: 'jito', body: 'New gain reference tonight, then we compare.', hoursAgo: 6 }],
  },
  {
    title: 'Refill moved to Mondays and Thursdays',
    description: 'The supplier changed the round. Please plan transfers accordingly.',
    labels: ['D:Cryo Store B', 'Information'],
    confidential: false,
    author: 'twilk',
    hoursOpen: 96,
    comments: [],
  },
  {
    title: 'Chilled water 2 °C above normal',
    description: 'Both instruments run; keep an eye on the lens temperatures.',
    labels: ['D:Krios 2', 'D:Versa FIB-SEM', 'Information'],
    confidential: false,
    author: 'lferri',
    hoursOpen: 9,
    comments: [],
  },
  {
    title: 'Alignment log, week by week',
    description: 'One comment per alignment, newest last.',
    labels: ['D:Krios 1', 'Logbook'],
    confidential: false,
    author: 'jito',
    hoursOpen: 700,
    comments: [
      { author: 'jito', body: 'Coma-free alignment done, 0.4 Å residual.', hoursAgo: 330 },
      { author: 'pnair', body: 'Beam tilt corrected after the cold start.', hoursAgo: 160 },
    ],
  },
  {
    title: 'Access rights of a former guest',
    description:
      'Account still had write access to a running project. Uploads are paused for that group until it is settled.',
    labels: ['D:Data Store'],
    confidential: true,
    author: 'mbeck',
    hoursOpen: 14,
    comments: [{ author: 'twilk', body: 'Keys withdrawn, audit of the share is running.', hoursAgo: 11 }],
  },
];

/** What may have gone wrong once: by group, in the state it caused. */
export const PAST_TROUBLES: Readonly<
  Record<string, Readonly<Record<Exclude<DeviceState, 'RUNNING'>, readonly [string, ...string[]]>>>
> = {
  Microscopes: {
    DOWN: [
      'FEG tripped',
      'Autoloader stuck at position 7',
      'High tension does not come up',
      'Turbo pump failed',
      'Column valve will not open',
    ],
    LIMITED: [
      'Stage drifts after cooling',
      'Apertures misaligned',
      'Beam shift noisy',
      'Autoloader slow to load',
      'Astigmatism higher than usual',
    ],
    'RUNNING | INFO': [
      'New gain references in place',
      'Cold cycle on Friday',
      'User interface updated',
      'Booking rules changed',
    ],
  },
  'Sample preparation': {
    DOWN: ['Humidifier broken', 'Does not start', 'Ethane line blocked', 'Pump seized'],
    LIMITED: ['Blotting force uneven', 'Knife needs replacing', 'Plasma ignites only at the second try', 'Heater slow'],
    'RUNNING | INFO': ['New blotting paper', 'Please log every use', 'Training on Wednesday'],
  },
  'Detectors & cameras': {
    DOWN: ['Not recognised after a restart', 'Cooling failed', 'Retract motor stuck'],
    LIMITED: ['Hot pixels after warm-up', 'Frame drops above 400 fps', 'Slit zero-loss drifts'],
    'RUNNING | INFO': ['New dark reference', 'Firmware updated', 'Calibration next week'],
  },
  'Cryo & storage': {
    DOWN: ['Level sensor failed', 'Compressor off', 'Controller unreachable', 'Lid does not close'],
    LIMITED: ['Slow to refill', 'Ice on the lid', 'One of two pumps', 'Transfer rate halved'],
    'RUNNING | INFO': ['Inventory on Tuesday', 'Alarm threshold changed', 'New key at the front desk'],
  },
};

/** One thing that happens to an issue of the script. */
export type Happening =
  | { does: 'open'; title: string; devices: readonly string[]; labels: readonly string[]; confidential: boolean }
  | { does: 'label'; add: readonly string[]; remove: readonly string[] }
  | { does: 'comment'; body: string }
  | { does: 'confidential'; value: boolean }
  | { does: 'close' };

/** A small story about one issue, told in several happenings; the last closes it. */
export type Story = readonly Happening[];

function open(title: string, devices: readonly string[], labels: readonly string[] = []): Happening {
  return { does: 'open', title, devices, labels, confidential: false };
}

function openSecretly(title: string, devices: readonly string[], labels: readonly string[] = []): Happening {
  return { does: 'open', title, devices, labels, confidential: true };
}

function comment(body: string): Happening {
  return { does: 'comment', body };
}

const worsen: Happening = { does: 'label', add: ['CRITICAL'], remove: [] };
const ease: Happening = { does: 'label', add: [], remove: ['CRITICAL'] };
const onlyInform: Happening = { does: 'label', add: ['Information'], remove: ['CRITICAL'] };
const close: Happening = { does: 'close' };

/** Told by the script, on devices that hold no state for the others. */
export const STORIES: readonly Story[] = [
  [
    open('Autoloader stuck at position 4', ['Krios 1'], ['CRITICAL']),
    comment('Gripper freed by hand, testing.'),
    ease,
    close,
  ],
  [open('Beam current drifts', ['Arctica']), worsen, comment('FEG restarted, warming up.'), ease, onlyInform, close],
  [open('Stage slow at high tilt', ['Spirit 120']), comment('Greased the goniometer.'), close],
  [open('Humidifier runs dry', ['Vitrobot 1'], ['CRITICAL']), comment('Refilled, watching it.'), onlyInform, close],
  [
    open('Blotting paper of the new batch', ['Vitrobot 2'], ['Information']),
    comment('Thicker: blot one second longer.'),
    close,
  ],
  [open('Plasma flickers', ['Glow Discharger']), worsen, comment('Electrode cleaned.'), ease, close],
  [open('Nitrogen pressure low', ['HP Freezer']), comment('Bottle changed.'), close],
  [open('Knife chipped', ['Microtome 7'], ['CRITICAL']), close],
  [open('Ethane line leaks', ['Plunger EM2'], ['CRITICAL']), comment('Valve replaced.'), ease, close],
  [open('New dark reference in use', ['CMOS Camera'], ['Information']), close],
  [open('Detector retracts by itself', ['EDX Detector']), worsen, comment('Limit switch adjusted.'), close],
  [open('Slit drifts by 3 eV', ['Energy Filter']), comment('Retuned, stable for ten minutes.'), onlyInform, close],
  [
    open('Cooling water for cameras off', ['Falcon 4', 'CMOS Camera'], ['CRITICAL']),
    comment('Pump is back.'),
    ease,
    close,
  ],
  [open('Level sensor reads zero', ['Cryo Store A'], ['CRITICAL']), comment('Cable was loose.'), ease, close],
  [openSecretly('Broken seal after a visit', ['Freezer −80']), worsen, { does: 'confidential', value: false }, close],
  [open('Delivery late', ['LN2 Supply'], ['Information']), worsen, comment('Truck arrived.'), close],
  [open('Who left this sample?', ['LN2 Supply'], ['Information']), { does: 'confidential', value: true }, close],
];

/** Said on a standing issue when the stories leave time. */
export const ASIDES: readonly [string, ...string[]] = [
  'Still the same this hour.',
  'Looked again: no change.',
  'Service confirmed the date.',
  'Values written to the log.',
];
