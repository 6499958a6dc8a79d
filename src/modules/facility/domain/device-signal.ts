import type { ComponentKey, Instant, Signal } from '../../../core/index.ts';
import { issueListUrl } from './badge-content.ts';
import type { DeviceState } from './device-state.ts';

/** Name of the one signal each device has. */
export const SIGNAL_NAME = 'issues';
const LONGEST_SUMMARY = 200;

/** What the state of a device claims, told to `components`. Of a confidential issue nothing but the level goes in. */
export function deviceSignal(
  device: { key: ComponentKey; label: string; state: DeviceState },
  from: { source: string; projectUrl: string },
  life: { observedAt: Instant; expiresAt: Instant },
): Signal {
  const { state } = device;
  const claim = {
    component: device.key,
    source: from.source,
    name: SIGNAL_NAME,
    level: state.level,
    state: state.state,
    ...life,
  };
  if (state.confidential) return { ...claim, confidential: true };
  const list = issueListUrl(from.projectUrl, device.label);
  if (state.issue === null) return { ...claim, evidence: list };
  return { ...claim, summary: summaryOf(state.issue), evidence: webAddress(state.issue.url) ?? list };
}

export function summaryOf(issue: { iid: number | null; title: string | null }): string {
  const title = (issue.title ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return `#${issue.iid ?? '?'} ${title}`.trim().slice(0, LONGEST_SUMMARY).toWellFormed();
}

function webAddress(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null;
}
