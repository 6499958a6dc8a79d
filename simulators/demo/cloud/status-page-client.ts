import { addMs, type Instant } from '../../../src/core/index.ts';

export interface ClientOptions {
  url: string;
  /** May report. */
  monitor: string;
  /** May write incidents. */
  desk: string;
}

interface ListedIncident {
  id: number;
  title: string;
  end: Instant | null;
}

export interface Report {
  name: string;
  region: string;
  impact: number;
  text: string;
}

export interface Announcement {
  title: string;
  description: string;
  components: readonly string[];
  start: Instant;
  lastsMs: number;
}

const TIMEOUT_MS = 10_000;

/** What a cloud's monitors and operators' tools do, over real HTTP. */
export class StatusPageClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** As monitors have always done; that it is known already is a good answer. */
  async report({ name, region, impact, text }: Report): Promise<void> {
    const body = { name, impact, text, attributes: [{ name: 'region', value: region }] };
    await this.#ask('/api/v1/component_status', { token: this.#options.monitor, body, also: 409 });
  }

  async update(id: number, update: { status: string; text: string }): Promise<void> {
    await this.#ask(`/api/incidents/${id}/updates`, { token: this.#options.desk, body: update });
  }

  async announce({ title, description, components, start, lastsMs }: Announcement): Promise<void> {
    const body = { type: 'maintenance', title, description, components, start, end: addMs(start, lastsMs) };
    await this.#ask('/api/incidents', { token: this.#options.desk, body });
  }

  /** The one of this title that has not ended. */
  async open(title: string): Promise<ListedIncident | null> {
    return await this.#find(title, '&state=open');
  }

  /** The one that began last. */
  async latest(title: string): Promise<ListedIncident | null> {
    return await this.#find(title, '');
  }

  async #find(title: string, more: string): Promise<ListedIncident | null> {
    const path = `/api/incidents?q=${encodeURIComponent(title)}${more}`;
    const { data } = (await this.#ask(path, { token: this.#options.desk })) as { data: ListedIncident[] };
    return data.find((incident) => incident.title === title) ?? null;
  }

  async #ask(path: string, { token, body, also }: { token: string; body?: unknown; also?: number }): Promise<unknown> {
    const answer = await fetch(this.#options.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.ok || answer.status === also) return await answer.json();
    throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  }
}
