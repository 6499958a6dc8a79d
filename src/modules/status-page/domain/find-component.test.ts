import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findByAttributes } from './find-component.ts';

type Pair = [string, string];
const cmp = (...attributes: Pair[]) => ({ attributes });

describe('finding a component by its attributes', () => {
  const cmp1 = cmp(['a1', 'v1'], ['a2', 'v2']);

  it('test_find_by_name_and_attributes: a part of its attributes is enough, a wrong or unknown one finds nothing', () => {
    assert.equal(findByAttributes([cmp1], [['a1', 'v1']]), cmp1);
    assert.equal(findByAttributes([cmp1], []), cmp1);
    assert.equal(findByAttributes([cmp1], [['a1', 'v3']]), null);
    assert.equal(findByAttributes([cmp1], [['a3', 'v1']]), null);
    assert.equal(findByAttributes([], [['a1', 'v1']]), null);
  });

  it('prefers the one that has exactly these to an earlier one that has more (bug 18)', () => {
    const exact = cmp(['a1', 'v1']);
    assert.equal(findByAttributes([cmp1, exact], [['a1', 'v1']]), exact);
    const bare = cmp();
    assert.equal(findByAttributes([cmp1, exact, bare], []), bare);
  });

  it('takes the first of several that have them among others', () => {
    const other = cmp(['a1', 'v1'], ['a2', 'x']);
    assert.equal(findByAttributes([other, cmp1], [['a1', 'v1']]), other);
  });

  it('takes a value for the attribute of that name only (Go bug 4)', () => {
    assert.equal(findByAttributes([cmp(['zone', 'Reg1'], ['region', 'Reg2'])], [['region', 'Reg1']]), null);
  });

  it('is not led astray by names that objects have by themselves', () => {
    assert.equal(findByAttributes([cmp1], [['__proto__', 'x']]), null);
    assert.equal(findByAttributes([cmp1], [['constructor', 'Object']]), null);
  });
});
