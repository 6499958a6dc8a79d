import { AppError } from '../../../core/index.ts';
import { authorName } from '../domain/author-name.ts';
import type { Incident } from '../domain/incident.ts';
import type { ChangeRecord } from '../store/schema.ts';

const DEEDS: Readonly<Record<string, string>> = {
  opened: 'opened it',
  worsened: 'made its impact worse',
  closed: 'closed it',
  reopened: 'opened it again',
  components: 'changed its components',
  corrected: 'corrected the text of an update',
  postmortem: 'wrote its post-mortem',
};
const MOST_NAMED = 5;

/** Somebody wrote first (specification §24, REC 11): it says who did what in the meantime. */
export class IncidentOutdated extends AppError {
  readonly version: number;
  readonly changes: readonly ChangeRecord[];

  constructor({ id, version }: Pick<Incident, 'id' | 'version'>, changes: readonly ChangeRecord[]) {
    super('conflict', sentence(id, version, changes));
    this.version = version;
    this.changes = changes;
  }
}

function sentence(id: number, version: number, changes: readonly ChangeRecord[]): string {
  const deeds = changes.slice(-MOST_NAMED).map(deedOf);
  const what = deeds.length === 0 ? '' : `: ${deeds.join('; ')}`;
  return `Incident ${id} was changed since you opened it${what}. It is at version ${version} now. Look at it, then send yours again.`;
}

function deedOf({ by, change, status, at }: ChangeRecord): string {
  const name = authorName(by);
  return `${name} ${DEEDS[change] ?? `set it to "${status}"`} at ${at.slice(11, 16)} UTC`;
}
