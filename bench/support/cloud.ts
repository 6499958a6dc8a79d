import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program } from './program.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = DAY_MS / 24;
const MINUTE_MS = HOUR_MS / 60;
const AT_ONCE = 10;

export interface Cloud {
  services: number;
  regions: readonly string[];
  incidents: number;
  /** So many of them are open. */
  open: number;
}

/** Provides a catalogue and a year of incidents, as an operator's file and programs would. */
export async function fillCloud(box: Program, cloud: Cloud, authorization: string): Promise<void> {
  await writeFile(join(box.folder, 'catalog.yaml'), catalogue(cloud));
  await box.command('catalog', 'provision');
  for (let from = 0; from < cloud.incidents; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, cloud.incidents - from) }, (_, more) => from + more);
    await Promise.all(some.map((index) => tellIncident(box, cloud, { index, authorization })));
  }
}

export function componentOf({ services, regions }: Pick<Cloud, 'services' | 'regions'>, index: number): string {
  return `status-page/service-${index % services}-${regions[index % regions.length]}`;
}

function catalogue({ services, regions }: Cloud): string {
  const components = Array.from({ length: services }, (_, index) => ({
    key: `service-${index}`,
    name: `Service ${index}`,
    description: 'What it is good for, in a sentence of usual length.',
    regions,
    attributes: { category: `Category ${index % 12}` },
  }));
  return JSON.stringify({ version: 1, regions: regions.map((id) => ({ id, label: id.toUpperCase() })), components });
}

async function tellIncident(
  box: Program,
  cloud: Cloud,
  { index, authorization }: { index: number; authorization: string },
): Promise<void> {
  const isOpen = index >= cloud.incidents - cloud.open;
  const age = isOpen ? (1 + (index % 20)) * HOUR_MS : 2 * DAY_MS + (index * 350 * DAY_MS) / cloud.incidents;
  const start = Date.now() - age;
  const ask = async (path: string, body: object): Promise<{ id: number }> => {
    const answer = await fetch(box.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { id: number };
  };
  const components = [0, 1, 2].map((more) => componentOf(cloud, 5 * index + more));
  const { id } = await ask('/api/incidents', {
    type: 'incident',
    title: `Service ${(5 * index) % cloud.services} answers slowly or not at all`,
    impact: 1 + (index % 3),
    components,
    start: new Date(start).toISOString(),
  });
  const said = [
    {
      after: 5,
      status: 'analysing',
      text: 'About one request in ten fails. **Customers in one region** are affected.',
    },
    { after: 20, status: 'fixing', text: 'A node was overloaded; its work is being moved to others.' },
    ...(isOpen ? [] : [{ after: 50, status: 'resolved', text: 'Requests are answered as before.' }]),
  ];
  for (const { after, status, text } of said) {
    await ask(`/api/incidents/${id}/updates`, { status, text, at: new Date(start + after * MINUTE_MS).toISOString() });
  }
}
