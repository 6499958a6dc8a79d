import {
  addMs,
  type ComponentDeclaration,
  ComponentDeclared,
  type ComponentKey,
  ComponentWithdrawn,
  EvidenceRenewed,
} from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { evidenceLife, type ProjectSettings } from '../config.ts';
import { issueListUrl } from '../domain/badge-content.ts';
import { type RosterEntry, roster } from '../domain/device-roster.ts';
import type { DeviceStates } from '../domain/device-state.ts';
import { type KnownIssue, mergeReading } from '../domain/issue-merge.ts';
import { changeDevice, type DeviceRow, insertDevice, listDevices, takenKeys } from '../store/device-store.ts';
import { listIssues, removeIssue, saveIssue } from '../store/issue-store.ts';
import type { FacilityContext } from './facility-context.ts';
import type { Reading } from './read-project.ts';
import { forgetConfidential, updateStates } from './update-states.ts';

/** Groups of one project stand together in lists, in the order of the configuration. */
const GROUPS_PER_PROJECT = 1000;

/**
 * Stores what was read and reports what changed; one row renews everything that did not. Runs in one transaction. A
 * reading that only something confidential asked for renews nothing: the time of evidence is public, and would tell
 * when people work on it.
 */
export async function storeReading(
  tx: Tx,
  context: FacilityContext,
  settings: ProjectSettings,
  reading: Reading & { renews: boolean },
): Promise<DeviceStates> {
  const source = `facility/${settings.integration}/${reading.project.gitlabId}`;
  await storeIssues(tx, context, source, reading);
  await storeDevices(tx, context, { source, settings, reading });
  const projectUrl = reading.project.webUrl;
  const states = await updateStates(tx, context, { settings, source, projectUrl, at: reading.at });
  if (!reading.renews) return states;
  await context.journal.publish(tx, EvidenceRenewed, {
    key: source,
    payload: { source, observedAt: reading.at, expiresAt: addMs(reading.at, evidenceLife(settings)) },
  });
  return states;
}

async function storeIssues(tx: Tx, context: FacilityContext, source: string, reading: Reading): Promise<void> {
  const before = await listIssues(tx, source);
  const after = mergeReading(before, reading.issues, reading.at);
  const old = new Map(before.map((issue) => [issue.id, issue]));
  for (const issue of after) {
    const known = old.get(issue.id);
    old.delete(issue.id);
    if (known === undefined || !isSame(known, issue)) saveIssue(tx, source, issue);
    if (known?.confidential === false) await forgetConfidential(tx, context, source, { ...issue, toldUrl: known.url });
  }
  for (const id of old.keys()) await removeIssue(tx, source, id);
}

function isSame(a: KnownIssue, b: KnownIssue): boolean {
  const told = ({ seenAt: _seenAt, ...issue }: KnownIssue): string => JSON.stringify(issue, Object.keys(issue).sort());
  return told(a) === told(b);
}

async function storeDevices(
  tx: Tx,
  context: FacilityContext,
  { source, settings, reading }: { source: string; settings: ProjectSettings; reading: Reading },
): Promise<void> {
  await tx.lock('facility:keys');
  const known = await listDevices(tx, source, { withdrawn: true });
  const keys = { known: new Map(known.map((row) => [row.label_id, row.key])), taken: await takenKeys(tx) };
  const title = settings.title ?? reading.project.title;
  const entries = roster(reading.labels, settings.rules, { ...settings.order, title }, keys);
  const rows = new Map<ComponentKey, DeviceRow>(known.map((row) => [row.key, row]));
  for (const entry of entries) {
    await storeDevice(tx, context, {
      entry,
      row: rows.get(entry.key),
      source,
      declaration: declarationOf(entry, settings, reading),
    });
    rows.delete(entry.key);
  }
  for (const row of rows.values()) await withdrawDevice(tx, context, row);
}

async function storeDevice(
  tx: Tx,
  context: FacilityContext,
  device: { entry: RosterEntry; row: DeviceRow | undefined; source: string; declaration: ComponentDeclaration },
): Promise<void> {
  const { entry, row, declaration } = device;
  const declared = JSON.stringify(declaration);
  const columns = {
    label: entry.label,
    name: entry.name,
    colour: entry.colour,
    group_name: entry.group,
    group_position: declaration.groupPosition ?? 0,
    position: entry.position,
    declared,
    withdrawn_at: null,
  };
  const changed = row === undefined || row.declared !== declared || row.withdrawn_at !== null;
  if (changed) await context.journal.publish(tx, ComponentDeclared, { key: entry.key, payload: declaration });
  if (row === undefined)
    await insertDevice(tx, {
      ...NEW_DEVICE,
      key: entry.key,
      source: device.source,
      label_id: entry.labelId,
      ...columns,
    });
  // A device that comes back reports its state anew.
  else if (row.withdrawn_at !== null) changeDevice(tx, entry.key, { ...columns, state: '' });
  else if (changed || row.label !== entry.label || row.colour !== entry.colour || row.position !== entry.position) {
    changeDevice(tx, entry.key, columns);
  }
}

/** Without a signal yet: `updateStates` reports the first. */
const NEW_DEVICE = {
  state: '',
  level: '',
  since: '',
  confidential: 0,
  issue_id: null,
  iid: null,
  issue_title: null,
  issue_url: null,
  due_on: null,
  updated_at: null,
  public_issues: 0,
  signal_at: '',
};

export async function withdrawDevice(tx: Tx, context: FacilityContext, row: DeviceRow): Promise<void> {
  if (row.withdrawn_at !== null) return;
  changeDevice(tx, row.key, { withdrawn_at: context.clock.now() });
  await context.journal.publish(tx, ComponentWithdrawn, { key: row.key, payload: { key: row.key } });
}

function declarationOf(entry: RosterEntry, settings: ProjectSettings, reading: Reading): ComponentDeclaration {
  const isPublic = reading.project.visibility === 'public';
  return {
    key: entry.key,
    name: entry.name,
    kind: 'device',
    group: entry.group,
    groupPosition: settings.index * GROUPS_PER_PROJECT + entry.groupPosition,
    position: entry.position,
    visibility: settings.visibility ?? (isPublic ? 'public' : 'members'),
    publicBadge: settings.publicBadges,
    link: issueListUrl(reading.project.webUrl, entry.label),
  };
}
