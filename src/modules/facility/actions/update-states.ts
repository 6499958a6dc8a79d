import { addMs, EvidenceHidden, type Instant, newId, SignalReported } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { evidenceLife, type ProjectSettings } from '../config.ts';
import { deviceSignal } from '../domain/device-signal.ts';
import { type DeviceState, type DeviceStates, deviceStates } from '../domain/device-state.ts';
import { isDeviceLabel } from '../domain/label-rules.ts';
import { laterThan } from '../domain/schedule.ts';
import { changeDevice, type DeviceRow, insertStateChange, listDevices, scrubIssue } from '../store/device-store.ts';
import { listOpenIssues } from '../store/issue-store.ts';
import type { FacilityContext } from './facility-context.ts';

export interface Observation {
  settings: ProjectSettings;
  source: string;
  /** Address of the project in GitLab. */
  projectUrl: string;
  /** When it was observed, by our clock. */
  at: Instant;
  /** Labels of the one issue that may have changed something; absent: anything may have changed. */
  labels?: readonly string[];
}

/** An issue with more device labels than this is looked at with all the others. */
const FEW = 20;

/** Brings the devices of a project into line with its known issues and reports every state that changed. */
export async function updateStates(tx: Tx, context: FacilityContext, seen: Observation): Promise<DeviceStates> {
  const { settings, source } = seen;
  const of = devicesOf(seen);
  if (of?.length === 0) return { byLabel: new Map(), unknownLabels: [] };
  const [devices, open] = await Promise.all([listDevices(tx, source, { labels: of }), listOpenIssues(tx, source, of)]);
  const states = deviceStates(
    settings.rules,
    devices.map((device) => device.label),
    open,
    settings.confidential,
  );
  for (const device of devices) {
    const state = states.byLabel.get(device.label);
    if (state !== undefined) await updateDevice(tx, context, { device, state, seen });
  }
  return states;
}

function devicesOf({ settings, labels }: Observation): readonly string[] | undefined {
  const found = [...new Set(labels?.filter((label) => isDeviceLabel(settings.rules, label)))];
  return labels === undefined || found.length > FEW ? undefined : found;
}

async function updateDevice(
  tx: Tx,
  context: FacilityContext,
  { device, state, seen }: { device: DeviceRow; state: DeviceState; seen: Observation },
): Promise<void> {
  const { key, label } = device;
  const columns = stateColumns(state);
  const isNew = device.signal_at === '';
  const saysElse = isNew || SIGNAL_COLUMNS.some((column) => device[column] !== columns[column]);
  const otherState = isNew || device.state !== columns.state || device.level !== columns.level;
  if (!saysElse) {
    const moved = UNSAID_COLUMNS.some((column) => device[column] !== columns[column]);
    if (moved) changeDevice(tx, key, columns);
    return;
  }
  // Of two claims at one moment `components` takes the first only.
  const observedAt = laterThan(device.signal_at, seen.at);
  const life = { observedAt, expiresAt: addMs(observedAt, evidenceLife(seen.settings)) };
  changeDevice(tx, key, { ...columns, signal_at: observedAt, ...(otherState ? { since: observedAt } : {}) });
  await context.journal.publish(tx, SignalReported, { key, payload: deviceSignal({ key, label, state }, seen, life) });
  if (!otherState) return;
  insertStateChange(tx, {
    id: newId(),
    device: key,
    source: seen.source,
    at: observedAt,
    from_state: device.state === '' ? null : device.state,
    to_state: columns.state,
    to_level: columns.level,
    issue_id: columns.issue_id,
    iid: columns.iid,
    issue_url: columns.issue_url,
    confidential: columns.confidential,
  });
}

/** Everything that the signal tells. */
const SIGNAL_COLUMNS = ['state', 'level', 'confidential', 'issue_id', 'iid', 'issue_title', 'issue_url'] as const;

/** What only our own pages tell. */
const UNSAID_COLUMNS = ['due_on', 'updated_at', 'public_issues'] as const;

type StateColumns = Pick<DeviceRow, (typeof SIGNAL_COLUMNS)[number] | (typeof UNSAID_COLUMNS)[number]>;

function stateColumns(state: DeviceState): StateColumns {
  return {
    state: state.state,
    level: state.level,
    confidential: state.confidential ? 1 : 0,
    issue_id: state.issue?.id ?? null,
    iid: state.issue?.iid ?? null,
    issue_title: state.issue?.title ?? null,
    issue_url: state.issue?.url ?? null,
    due_on: state.issue?.dueOn ?? null,
    updated_at: state.updatedAt,
    public_issues: state.publicIssues,
  };
}

/** Forgets an issue that is confidential, wherever its number or address stands; what was told of it is taken back. */
export async function forgetConfidential(
  tx: Tx,
  context: FacilityContext,
  source: string,
  issue: { id: number; confidential: boolean; toldUrl: string | null | undefined },
): Promise<void> {
  if (!issue.confidential) return;
  const told = new Set(await scrubIssue(tx, source, issue.id));
  if (typeof issue.toldUrl === 'string') told.add(issue.toldUrl);
  for (const evidence of told) {
    await context.journal.publish(tx, EvidenceHidden, { key: source, payload: { source, evidence } });
  }
}
