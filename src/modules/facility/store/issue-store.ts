import { sql } from 'kysely';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { KnownIssue } from '../domain/issue-merge.ts';
import type { FacilityTables } from './schema.ts';

type IssueRow = FacilityTables['facility_issue'];

export async function listIssues(q: Queries, source: string): Promise<KnownIssue[]> {
  const rows = await q
    .for<FacilityTables>()
    .selectFrom('facility_issue')
    .selectAll()
    .where('source', '=', source)
    .orderBy('issue_id')
    .execute();
  return rows.map(fromRow);
}

/** Those that decide the lights: of these devices at least, which are few, or of all. */
export async function listOpenIssues(q: Queries, source: string, labels?: readonly string[]): Promise<KnownIssue[]> {
  let query = q
    .for<FacilityTables>()
    .selectFrom('facility_issue')
    .selectAll()
    .where('source', '=', source)
    .where('open', '=', 1);
  if (labels !== undefined) {
    query = query.where((eb) =>
      eb.or(labels.map((label) => sql<boolean>`${eb.ref('labels')} like ${holding(label)} escape '!'`)),
    );
  }
  return (await query.orderBy('issue_id').execute()).map(fromRow);
}

/** A pattern for the JSON of a list that holds this text. */
function holding(text: string): string {
  return `%${JSON.stringify(text).replace(/[!%_]/g, '!$&')}%`;
}

export async function findIssues(q: Queries, source: string, ids: readonly number[]): Promise<KnownIssue[]> {
  if (ids.length === 0) return [];
  const rows = await q
    .for<FacilityTables>()
    .selectFrom('facility_issue')
    .selectAll()
    .where('source', '=', source)
    .where('issue_id', 'in', [...new Set(ids)])
    .execute();
  return rows.map(fromRow);
}

export function saveIssue(tx: Tx, source: string, issue: KnownIssue): void {
  const row = toRow(source, issue);
  const { source: _source, issue_id: _id, ...change } = row;
  const saving = tx
    .for<FacilityTables>()
    .insertInto('facility_issue')
    .values(row)
    .onConflict((conflict) => conflict.columns(['source', 'issue_id']).doUpdateSet(change));
  tx.send(saving);
}

export async function removeIssue(tx: Tx, source: string, id: number): Promise<void> {
  await tx
    .for<FacilityTables>()
    .deleteFrom('facility_issue')
    .where('source', '=', source)
    .where('issue_id', '=', id)
    .execute();
}

/** The one place that writes issues: nothing that names a confidential one gets past it. */
function toRow(source: string, issue: KnownIssue): IssueRow {
  const { confidential } = issue;
  return {
    source,
    issue_id: issue.id,
    iid: confidential ? null : issue.iid,
    title: confidential ? null : issue.title,
    url: confidential ? null : issue.url,
    due_on: confidential ? null : issue.dueOn,
    confidential: confidential ? 1 : 0,
    labels: JSON.stringify(issue.labels),
    open: issue.open ? 1 : 0,
    updated_at: issue.updatedAt,
    seen_at: issue.seenAt,
  };
}

function fromRow(row: IssueRow): KnownIssue {
  return {
    id: row.issue_id,
    iid: row.iid,
    title: row.title,
    url: row.url,
    dueOn: row.due_on,
    confidential: row.confidential === 1,
    labels: JSON.parse(row.labels) as string[],
    open: row.open === 1,
    updatedAt: row.updated_at,
    seenAt: row.seen_at,
  };
}
