import { type Clock, HOUR, SECOND, toMs, UpstreamError } from '../../../core/index.ts';
import type { Provider } from '../../config/index.ts';
import type { Logger } from '../../log/index.ts';
import { connectProvider, type ProviderClient, reasonOf } from './provider-client.ts';

interface Known {
  /** The settings it was made from: after a reload with others it is made anew. */
  settings: string;
  client: ProviderClient | null;
  connectedMs: number;
  failedMs: number | null;
  pending: Promise<ProviderClient> | null;
}

const RENEW_AFTER_MS = HOUR;
/** So long a failure is remembered, so that impatient people do not become a flood. */
const RETRY_AFTER_MS = 5 * SECOND;

export interface Parts {
  configured: () => readonly Provider[];
  clock: Clock;
  log: Logger;
}

/**
 * The configured providers and what is known of them. A provider that does not answer keeps nobody from starting or
 * from signing in another way; it is tried again when somebody wants it.
 */
export class Providers {
  readonly #known = new Map<string, Known>();
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  all(): readonly Provider[] {
    return this.#parts.configured();
  }

  find(id: string): Provider | undefined {
    return this.all().find((provider) => provider.id === id);
  }

  /** True when the last try failed and there is nothing from an earlier one. */
  isAway(provider: Provider): boolean {
    const { client, failedMs } = this.#of(provider);
    return client === null && failedMs !== null;
  }

  /** Its metadata, read at the first use and once an hour; throws UpstreamError when it cannot be had. */
  async client(provider: Provider): Promise<ProviderClient> {
    const known = this.#of(provider);
    const now = toMs(this.#parts.clock.now());
    if (known.client !== null && now - known.connectedMs < RENEW_AFTER_MS) return known.client;
    if (known.pending === null && known.failedMs !== null && Math.abs(now - known.failedMs) < RETRY_AFTER_MS) {
      return known.client ?? unreachable(provider);
    }
    known.pending ??= this.#connect(provider, known).finally(() => {
      known.pending = null;
    });
    return known.pending;
  }

  async #connect(provider: Provider, known: Known): Promise<ProviderClient> {
    const now = () => toMs(this.#parts.clock.now());
    try {
      known.client = await connectProvider(provider);
      Object.assign(known, { connectedMs: now(), failedMs: null });
      return known.client;
    } catch (error) {
      known.failedMs = now();
      const { id, issuer } = provider;
      this.#parts.log.warn({ provider: id, issuer, reason: reasonOf(error) }, 'sign-in provider cannot be used');
      return known.client ?? unreachable(provider, error);
    }
  }

  #of(provider: Provider): Known {
    const settings = JSON.stringify(provider);
    const known = this.#known.get(provider.id);
    if (known?.settings === settings) return known;
    const fresh: Known = { settings, client: null, connectedMs: 0, failedMs: null, pending: null };
    this.#known.set(provider.id, fresh);
    return fresh;
  }
}

function unreachable(provider: Provider, cause?: unknown): never {
  const message = `The sign-in provider ${provider.id} cannot be used at present; the log says why.`;
  throw new UpstreamError('unreachable', message, { retry: true, retryAfter: RETRY_AFTER_MS / SECOND, cause });
}
