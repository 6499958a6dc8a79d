import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KEY_NAME, newComponentKey, slugOf } from './component-slug.ts';

const keyOf = (
  name: string,
  facts: { region?: string; attributes?: [string, string][] } = {},
  taken = new Set<string>(),
) => newComponentKey({ catalogKey: null, name, region: null, ...facts }, taken).replace('status-page/', '');

describe('the key of a new component', () => {
  it('writes letters of Europe as people do without them', () => {
    assert.equal(slugOf('Größen', 'Süd'), 'grossen-sud');
    assert.equal(slugOf('Ærø & Œuvre'), 'aero-oeuvre');
    assert.equal(slugOf('Łódź Đà Þór'), 'lodz-da-thor');
    assert.equal(slugOf('STRASSE', 'STRAẞE'), 'strasse-strasse');
  });

  it('is made of the type where nothing of the name is left, or always the same of the name', () => {
    assert.equal(keyOf('对象存储', { region: 'EU-DE', attributes: [['type', 'obs']] }), 'obs-eu-de');
    const [storage, network] = [keyOf('对象存储', { region: 'EU-DE' }), keyOf('网络', { region: 'EU-DE' })];
    assert.match(storage, /^service-[0-9a-z]{5,7}-eu-de$/);
    assert.notEqual(storage, network);
    assert.equal(keyOf('对象存储', { region: 'EU-DE' }), storage);
    assert.match(storage, KEY_NAME);
  });

  it('is of its own when the words are taken', () => {
    const taken = new Set<string>();
    assert.deepEqual([keyOf('DNS', {}, taken), keyOf('dns', {}, taken)], ['dns', 'dns-2']);
  });
});
