import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { StatusPageTables, TemplateRecord } from './schema.ts';

export async function findTemplate(q: Queries, id: string): Promise<TemplateRecord | null> {
  const record = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_template')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return record ?? null;
}

export async function storeTemplate(tx: Tx, template: TemplateRecord): Promise<void> {
  const { id: _id, ...rest } = template;
  await tx
    .for<StatusPageTables>()
    .insertInto('status_page_template')
    .values(template)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
    .execute();
}

export async function removeTemplate(tx: Tx, id: string): Promise<void> {
  await tx.for<StatusPageTables>().deleteFrom('status_page_template').where('id', '=', id).execute();
}
