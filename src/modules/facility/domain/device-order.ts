export const ORDERS = ['colour', 'priority', 'name', 'manual'] as const;
export type Order = (typeof ORDERS)[number];

export interface OrderRules {
  order: Order;
  /** With `manual`: device names or labels, first ones first; the others follow by name. */
  manual: readonly string[];
  /** Heading per label colour. */
  groups: ReadonlyMap<string, string>;
  /** Heading of what has no other. */
  title: string;
}

/** What ordering looks at. Devices come in the order in which GitLab lists their labels. */
export interface Orderable {
  label: string;
  name: string;
  colour: string;
  priority: number | null;
}

export interface Placed<D> {
  device: D;
  group: string;
  groupPosition: number;
  position: number;
}

const NATURAL = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' });

/** Devices in the order in which badges and lists show them, with their headings. */
export function orderDevices<D extends Orderable>(devices: readonly D[], rules: OrderRules): Placed<D>[] {
  const colours = [...new Set(devices.map((device) => normalColour(device.colour)))].sort();
  const headings = headingsOf(colours, rules);
  const sorted = [...devices].sort(comparison(rules));
  const grouped =
    rules.order === 'colour'
      ? colours.flatMap((colour) => sorted.filter((d) => normalColour(d.colour) === colour))
      : sorted;
  return grouped.map((device, position) => ({ device, position, ...headingOf(device, rules, headings) }));
}

export function normalColour(colour: string): string {
  return colour.trim().toLowerCase();
}

/** By order other than colour the list is one list, unless colours have names. */
function headingOf(
  device: Orderable,
  rules: OrderRules,
  headings: ReadonlyMap<string, { group: string; groupPosition: number }>,
): { group: string; groupPosition: number } {
  const byColour = headings.get(normalColour(device.colour));
  if (byColour === undefined || (rules.order !== 'colour' && rules.groups.size === 0)) {
    return { group: rules.title, groupPosition: 0 };
  }
  return byColour;
}

function headingsOf(
  colours: readonly string[],
  rules: OrderRules,
): Map<string, { group: string; groupPosition: number }> {
  const named = new Map([...rules.groups].map(([colour, name]) => [normalColour(colour), name]));
  const unnamed = colours.filter((colour) => !named.has(colour));
  const headings = new Map<string, { group: string; groupPosition: number }>();
  const positions = new Map<string, number>();
  colours.forEach((colour, index) => {
    const numbered = unnamed.length === 1 ? rules.title : `${rules.title} · ${unnamed.indexOf(colour) + 1}`;
    const group = named.get(colour) ?? numbered;
    const groupPosition = positions.get(group) ?? index;
    positions.set(group, groupPosition);
    headings.set(colour, { group, groupPosition });
  });
  return headings;
}

function comparison(rules: OrderRules): (a: Orderable, b: Orderable) => number {
  if (rules.order === 'name') return (a, b) => NATURAL.compare(a.name, b.name);
  if (rules.order === 'priority') return (a, b) => (a.priority ?? Infinity) - (b.priority ?? Infinity) || 0;
  if (rules.order === 'manual') {
    const place = (device: Orderable): number => {
      const index = rules.manual.findIndex((name) => name === device.name || name === device.label);
      return index === -1 ? rules.manual.length : index;
    };
    return (a, b) => place(a) - place(b) || NATURAL.compare(a.name, b.name);
  }
  // GitLab lists labels by name, and sorting is stable.
  return () => 0;
}
