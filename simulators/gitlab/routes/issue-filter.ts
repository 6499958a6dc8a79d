import { toMs } from '../../../src/core/index.ts';
import type { Issue } from '../model.ts';
import { json400 } from './api-failure.ts';
import type { Input } from './input.ts';

type Test = (issue: Issue) => boolean;

/** The issues a list asks for, in its order. */
export function selectIssues(issues: readonly Issue[], input: Input): Issue[] {
  const tests = [stateTest(input), labelTest(input), notLabelTest(input), textTest(input), ...timeTests(input)];
  const confidential = input.flag('confidential');
  const iids = input.list('iids')?.map(Number);
  const key = input.choice('order_by', ['created_at', 'updated_at', 'title']) ?? 'created_at';
  const direction = input.choice('sort', ['asc', 'desc']) === 'asc' ? 1 : -1;
  return issues
    .filter((issue) => confidential === undefined || issue.confidential === confidential)
    .filter((issue) => iids === undefined || iids.includes(issue.iid))
    .filter((issue) => tests.every((test) => test(issue)))
    .sort((a, b) => direction * (compare(sortKey(a, key), sortKey(b, key)) || a.id - b.id));
}

function sortKey(issue: Issue, key: 'created_at' | 'updated_at' | 'title'): string {
  if (key === 'title') return issue.title;
  return key === 'created_at' ? issue.createdAt : issue.updatedAt;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function stateTest(input: Input): Test {
  const state = input.choice('state', ['opened', 'closed', 'all']) ?? 'all';
  return (issue) => state === 'all' || issue.state === state;
}

/** All of them (AND); `None` and `Any` are words of GitLab. */
function labelTest(input: Input): Test {
  const wanted = input.list('labels') ?? [];
  const word = wanted.length === 1 ? wanted[0]?.toLowerCase() : undefined;
  if (word === 'none') return (issue) => issue.labels.length === 0;
  if (word === 'any') return (issue) => issue.labels.length > 0;
  return (issue) => wanted.every((title) => issue.labels.some((label) => label.title === title));
}

function notLabelTest(input: Input): Test {
  const unwanted = input.list('not[labels]') ?? [];
  return (issue) => !issue.labels.some((label) => unwanted.includes(label.title));
}

function textTest(input: Input): Test {
  const search = input.text('search')?.toLowerCase() ?? '';
  return (issue) => `${issue.title}\n${issue.description}`.toLowerCase().includes(search);
}

function timeTests(input: Input): Test[] {
  const moments = {
    updated_after: (issue: Issue, at: number) => toMs(issue.updatedAt) >= at,
    updated_before: (issue: Issue, at: number) => toMs(issue.updatedAt) <= at,
    created_after: (issue: Issue, at: number) => toMs(issue.createdAt) >= at,
    created_before: (issue: Issue, at: number) => toMs(issue.createdAt) <= at,
  };
  return Object.entries(moments).flatMap(([name, test]) => {
    const text = input.text(name);
    if (text === undefined || text === '') return [];
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw json400({ error: `${name} is invalid` });
    return [(issue: Issue) => test(issue, at)];
  });
}
