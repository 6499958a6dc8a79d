/**
 * Holds the form of commit subjects: `type(scope): what it does`, where a scope is the name of one of our folders. What
 * concerns no single folder has none: `docs: …`.
 * `--file F` looks at one message (the commit-msg hook); without it at the commits that origin/main does not have, or at
 * the last 30 where there is no origin.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const TYPES = ['feat', 'fix', 'perf', 'refactor', 'style', 'test', 'docs', 'build', 'chore', 'revert'];
const LONGEST = 72;
const root = path.join(import.meta.dirname, '..');

function foldersOf(folder) {
  const full = path.join(root, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** Every part of the product, every outside system, and the places that are no part of it. */
function scopes() {
  const parts = ['src', 'src/platform', 'src/connectors', 'src/modules', 'simulators', 'test'].flatMap(foldersOf);
  const places = ['simulators', 'test', 'bench', 'docs', 'script', 'deploy'];
  return [...new Set([...parts, ...places])].sort();
}

function complaint(subject, known) {
  const form = /^([a-z]+)(?:\(([^()]+)\))?(!?): (.+)$/.exec(subject);
  if (form === null) return 'is not of the form type(scope): what it does';
  const [, type, scope, , text] = form;
  if (!TYPES.includes(type)) return `has the type "${type}"; known are ${TYPES.join(', ')}`;
  if (scope !== undefined && !known.includes(scope)) return `has the scope "${scope}"; known are ${known.join(', ')}`;
  if (/^[A-Z][a-z]/.test(text)) return 'begins its text with a capital';
  if (text.endsWith('.')) return 'ends in a full stop';
  if (subject.length > LONGEST) return `has ${subject.length} characters; ${LONGEST} is the most`;
  return null;
}

function git(...args) {
  return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function isKnown(revision) {
  try {
    git('rev-parse', '--verify', '--quiet', `${revision}^{commit}`);
    return true;
  } catch {
    return false;
  }
}

function subjectsToCheck() {
  if (!existsSync(path.join(root, '.git'))) return [];
  const range = isKnown('origin/main') ? ['origin/main..HEAD'] : ['-30', 'HEAD'];
  return git('log', '--no-merges', '--format=%s', ...range)
    .split('\n')
    .filter((subject) => subject !== '');
}

function subjectIn(file) {
  return readFileSync(file, 'utf8').split('\n', 1)[0];
}

const at = process.argv.indexOf('--file');
const subjects = at === -1 ? subjectsToCheck() : [subjectIn(process.argv[at + 1])];
const known = scopes();
for (const subject of subjects) {
  // git's own merges, and the markers of a rebase that will fold them away.
  if (/^(Merge|fixup!|squash!|amend!) /.test(subject)) continue;
  const wrong = complaint(subject, known);
  if (wrong === null) continue;
  console.error(`"${subject}" ${wrong}.`);
  process.exitCode = 1;
}
