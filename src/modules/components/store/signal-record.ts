import type { Instant, Signal } from '../../../core/index.ts';
import type { Claim, Confirmed } from '../domain/claim.ts';
import type { SignalRecord } from './schema.ts';

/** When a source last looked at everything, and how long that counts. */
export interface Renewal {
  observedAt: Instant;
  expiresAt: Instant;
}

export function confirmedOf({ confirmed }: Pick<SignalRecord, 'confirmed'>): Confirmed | null {
  return confirmed === null ? null : (JSON.parse(confirmed) as Confirmed);
}

/** A stored signal as the rules see it. A renewal proves every claim of its source that can expire at all. */
export function toClaim(record: SignalRecord, renewal: Renewal | undefined): Claim {
  const confirmed = confirmedOf(record);
  return {
    source: record.source,
    name: record.name,
    confirmed,
    observedAt: later(record.observed_at, renewal?.observedAt),
    expiresAt: record.expires_at === null ? null : later(record.expires_at, renewal?.expiresAt),
    from: record.from_at,
    until: record.until_at,
    required: record.required === 1,
    confidential: record.confidential === 1,
    renewedAt: renewal?.observedAt ?? null,
  };
}

function later(moment: Instant, other: Instant | undefined): Instant {
  return other !== undefined && other > moment ? other : moment;
}

/** A new report as it will be stored; what is confirmed of it is found out elsewhere. */
export function toRecord(signal: Signal, recordedAt: Instant): SignalRecord {
  return {
    component: signal.component,
    source: signal.source,
    name: signal.name,
    level: signal.level,
    state: signal.state ?? null,
    summary: signal.summary ?? null,
    evidence: signal.evidence ?? null,
    confidential: signal.confidential === true ? 1 : 0,
    required: signal.required === false ? 0 : 1,
    observed_at: signal.observedAt,
    expires_at: signal.expiresAt ?? null,
    from_at: signal.from ?? null,
    until_at: signal.until ?? null,
    recorded_at: recordedAt,
    confirmed: null,
    confirms_at: null,
  };
}
