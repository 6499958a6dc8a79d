/** The cloud of the demo: 24 services in seven categories, most of them in both regions. */
const REGIONS = [
  { id: 'North', label: 'North' },
  { id: 'South', label: 'South' },
] as const;
export type Region = (typeof REGIONS)[number]['id'];

interface Category {
  name: string;
  services: readonly (readonly [key: string, name: string, description: string])[];
}

const CATEGORIES: readonly Category[] = [
  {
    name: 'Compute',
    services: [
      ['virtual-machines', 'Virtual Machines', 'Servers by the hour, and what starts and stops them.'],
      ['bare-metal', 'Bare Metal', 'Whole machines for one customer.'],
      ['gpu-nodes', 'GPU Nodes', 'Machines with accelerators.'],
    ],
  },
  {
    name: 'Storage',
    services: [
      ['object-storage', 'Object Storage', 'Buckets and objects over the S3 protocol.'],
      ['block-storage', 'Block Storage', 'Volumes for virtual machines.'],
      ['file-shares', 'File Shares', 'NFS shares for several machines at once.'],
      ['backup', 'Backup', 'Copies of volumes and databases, kept in the other region.'],
    ],
  },
  {
    name: 'Network',
    services: [
      ['private-networks', 'Private Networks', 'Networks, routers and firewalls of a project.'],
      ['load-balancer', 'Load Balancer', 'Spreads requests over several machines.'],
      ['dns', 'DNS', 'Zones and name resolution.'],
      ['vpn-gateway', 'VPN Gateway', 'Tunnels into private networks.'],
    ],
  },
  {
    name: 'Containers',
    services: [
      ['kubernetes', 'Kubernetes', 'Managed clusters and their control planes.'],
      ['container-registry', 'Container Registry', 'Images, their scans and signatures.'],
      ['functions', 'Functions', 'Code that runs when something happens.'],
    ],
  },
  {
    name: 'Data',
    services: [
      ['postgresql', 'Managed PostgreSQL', 'Databases with replicas and point-in-time recovery.'],
      ['cache', 'Cache', 'Keys and values in memory.'],
      ['message-queue', 'Message Queue', 'Queues and topics.'],
      ['search', 'Search', 'Full-text search over your documents.'],
    ],
  },
  {
    name: 'Identity',
    services: [
      ['sign-in', 'Sign-in', 'Accounts, groups and single sign-on.'],
      ['key-vault', 'Key Vault', 'Keys and secrets.'],
      ['certificates', 'Certificates', 'TLS certificates and their renewal.'],
    ],
  },
  {
    name: 'Platform',
    services: [
      ['console', 'Console', 'The web console.'],
      ['api-gateway', 'API Gateway', 'The address of all our APIs.'],
      ['metrics', 'Metrics and Logs', 'What your machines say about themselves.'],
    ],
  },
];

/** Services that one region alone has. */
const ONLY_IN: Readonly<Record<string, Region>> = { 'bare-metal': 'North', 'gpu-nodes': 'North', search: 'South' };

const TARGETS: Readonly<Record<string, number>> = { dns: 99.99, 'sign-in': 99.95, 'object-storage': 99.95 };

const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  'virtual-machines': ['block-storage', 'private-networks'],
  kubernetes: ['virtual-machines', 'load-balancer'],
  'container-registry': ['object-storage'],
  backup: ['object-storage'],
  console: ['sign-in', 'api-gateway'],
};

export const SERVICES: readonly string[] = CATEGORIES.flatMap(({ services }) => services.map(([key]) => key));

/** The key of a service in a region; in the other one where this one does not have it. */
export function serviceKey(service: string, region: Region): string {
  return `status-page/${service}-${(ONLY_IN[service] ?? region).toLowerCase()}`;
}

export function serviceName(service: string): string {
  const named = CATEGORIES.flatMap(({ services }) => services).find(([key]) => key === service);
  if (named === undefined) throw new Error(`The demo's cloud has no service ${service}.`);
  return named[1];
}

/** As an operator would provide it: a catalogue file. JSON is YAML as well. */
export function catalogueText(): string {
  const components = CATEGORIES.flatMap(({ name: category, services }) =>
    services.map(([key, name, description]) => ({
      key: ONLY_IN[key] === undefined ? key : `${key}-${ONLY_IN[key].toLowerCase()}`,
      name,
      description,
      ...(ONLY_IN[key] === undefined ? { regions: REGIONS.map(({ id }) => id) } : {}),
      ...(TARGETS[key] === undefined ? {} : { target: TARGETS[key] }),
      ...(DEPENDENCIES[key] === undefined ? {} : { depends_on: DEPENDENCIES[key] }),
      attributes: { ...(ONLY_IN[key] === undefined ? {} : { region: ONLY_IN[key] }), category },
    })),
  );
  return JSON.stringify({ version: 1, regions: REGIONS, components });
}
