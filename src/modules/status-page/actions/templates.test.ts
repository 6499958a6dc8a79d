import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openTestDatabase } from '../../../../test/support/databases.ts';
import { CREATOR, OPERATOR, statusPageWorld } from '../../../../test/support/status-page-world.ts';
import { readTemplates } from '../store/template-read.ts';
import { deleteTemplate } from './delete-template.ts';
import { saveTemplate } from './save-template.ts';

it('templates are kept in their order, changed and deleted by operators', async () => {
  const { context, db } = await statusPageWorld(openTestDatabase, { components: [] });
  const { id } = await saveTemplate(context, OPERATOR, {
    name: 'Later',
    text: 'Soon.',
    position: 2,
    status: 'watching',
  });
  await saveTemplate(context, OPERATOR, { name: 'First', text: 'We look at it.' });
  assert.deepEqual(
    (await readTemplates(db)).map(({ name, status }) => [name, status]),
    [
      ['First', null],
      ['Later', 'observing'],
    ],
  );
  await saveTemplate(context, OPERATOR, { id, name: 'Later', text: 'Very soon.' });
  assert.deepEqual(
    (await readTemplates(db)).map(({ text }) => text),
    ['We look at it.', 'Very soon.'],
  );
  await assert.rejects(saveTemplate(context, CREATOR, { name: 'x', text: 'x' }), { code: 'forbidden' });
  await assert.rejects(saveTemplate(context, OPERATOR, { id: 'none', name: 'x', text: 'x' }), { code: 'not_found' });
  await assert.rejects(deleteTemplate(context, CREATOR, id), { code: 'forbidden' });
  await deleteTemplate(context, OPERATOR, id);
  await assert.rejects(deleteTemplate(context, OPERATOR, id), { code: 'not_found' });
  assert.equal((await readTemplates(db)).length, 1);
});
