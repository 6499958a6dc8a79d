/**
 * Documentation tells where things are, so it is checked: every path in ARCHITECTURE.md, README.md, CONTRIBUTING.md and
 * docs/ exists, every link leads somewhere, the index knows every page, and nothing grows beyond its size.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const LONGEST = { 'README.md': 200, 'ARCHITECTURE.md': 120 };
const ADR_LONGEST = 60;

/** First words of what is meant as a path in this repository; anything else with a slash may be a route or a type. */
const PLACES = ['.ci', 'bench', 'bin', 'deploy', 'docs', 'script', 'simulators', 'src', 'test'];
const LAYERS = ['app', 'cli', 'connectors', 'core', 'modules', 'platform'];
const SLICES = ['actions', 'domain', 'store', 'web'];
const FILE = /\.(ts|mjs|js|md|sh|css|service|yaml|yml)$/;

const complaints = [];
const complain = (file, line, text) => complaints.push(`${file}:${line} ${text}`);

/**
 * What readers have in their own folder, file names that a part has by convention once it needs them, and packages that
 * are called like files.
 */
const NOT_HERE = new Set(['signalbox.yaml', 'badger.toml', 'contract.ts', 'ical.js']);

function known() {
  if (!existsSync(path.join(root, '.git')))
    return globSync('{*,{.ci,bench,bin,deploy,docs,script,simulators,src,test}/**}', { cwd: root });
  return execFileSync('git', ['-C', root, 'ls-files', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && existsSync(path.join(root, file)));
}

const files = known();
const folders = new Set(
  files.flatMap((file) => file.split('/').map((_, i, parts) => `${parts.slice(0, i).join('/')}/`)),
);
const everything = [...files, ...folders];

/** `store/*-read.ts`, `src/modules/<area>/`, `x.{ts,js}`: a pattern that the end of some path has to match. */
function exists(text) {
  const pattern = text
    .replace(/[.+^$()|[\]\\]/g, String.raw`\$&`)
    .replace(/\{([^}]*)\}/g, (_, words) => `(${words.replaceAll(',', '|')})`)
    .replace(/<[^>]*>|NNNN/g, '[^/]+')
    .replace(/\*\*/g, '\u0000')
    .replace(/\*/g, '[^/]*')
    .replaceAll('\u0000', '.*');
  const expression = new RegExp(`^(.*/)?${pattern}/?$`);
  return everything.some((file) => expression.test(file));
}

function isPath(text) {
  if (NOT_HERE.has(text) || /[\s:;='"`$@]|^[/~-]|^\.\.?\//.test(text)) return false;
  const [first] = text.split('/');
  if (text.includes('/')) return PLACES.includes(first) || LAYERS.includes(first) || SLICES.includes(first);
  return FILE.test(text) && /^\w/.test(text);
}

function checkCodeSpans(file, line, number) {
  for (const [, span] of line.matchAll(/`([^`]+)`/g)) {
    for (const word of span.split(' ')) {
      const text = word.replace(/[,.)]$/, '').replace(/^\.\/(?=[a-z])/, '');
      if (isPath(text) && !exists(text)) complain(file, number, `names ${text}, which does not exist`);
    }
  }
}

function checkLinks(file, line, number) {
  for (const [, target] of line.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target) || target.startsWith('#')) continue;
    const [to] = target.split('#');
    const full = path.join(root, path.dirname(file), to);
    if (!existsSync(full)) complain(file, number, `links to ${target}, which does not exist`);
  }
}

/** A drawn tree: names at the start of a line, nested by indentation; what follows two spaces is prose. */
function checkTree(file, lines, firstNumber) {
  const stack = [];
  for (const [offset, line] of lines.entries()) {
    const indent = line.length - line.trimStart().length;
    const names = line
      .trim()
      .split(/\s{2,}/)[0]
      .split(' ');
    const paths = [];
    for (const name of names) {
      if (!/^[\w.<>*-]+\/$/.test(name) && !FILE.test(name)) break;
      paths.push(name);
    }
    while (stack.length > 0 && stack.at(-1).indent >= indent) stack.pop();
    const parent = stack.map(({ name }) => name).join('');
    for (const name of paths) {
      if (!exists(parent + name)) complain(file, firstNumber + offset, `draws ${parent}${name}, which does not exist`);
    }
    if (paths.length === 1 && paths[0].endsWith('/')) stack.push({ indent, name: paths[0] });
  }
}

function checkText(file) {
  const lines = readFileSync(path.join(root, file), 'utf8').split('\n');
  let block = null;
  for (const [index, line] of lines.entries()) {
    if (line.trimStart().startsWith('```')) {
      if (block === null) block = { start: index + 2, lines: [] };
      else {
        if (/^[\w.-]+\/(\s|$)/.test(block.lines[0] ?? '')) checkTree(file, block.lines, block.start);
        block = null;
      }
    } else if (block !== null) block.lines.push(line);
    else {
      checkCodeSpans(file, line, index + 1);
      checkLinks(file, line, index + 1);
    }
  }
  const longest = LONGEST[file] ?? (file.startsWith('docs/adr/') ? ADR_LONGEST : Infinity);
  const length = lines.length - (lines.at(-1) === '' ? 1 : 0);
  if (length > longest) complain(file, length, `has ${length} lines; ${longest} is the most`);
}

function checkAdr(file) {
  const text = readFileSync(path.join(root, file), 'utf8');
  if (!/^# \d+ · /.test(text)) complain(file, 1, 'begins with "# number · title"');
  if (!/^Date: \d{4}-\d{2}-\d{2}$/m.test(text)) complain(file, 1, 'has no line "Date: YYYY-MM-DD"');
  for (const part of ['Context', 'Decision', 'Consequences']) {
    if (!text.includes(`\n## ${part}\n`)) complain(file, 1, `has no section "${part}"`);
  }
}

/** Each page can be found from docs/index.md; decisions are listed by their folder. */
function checkIndex() {
  const index = readFileSync(path.join(root, 'docs/index.md'), 'utf8');
  const pages = files.filter((file) => /^docs\/.*\.md$/.test(file) && file !== 'docs/index.md');
  for (const page of pages) {
    if (!index.includes(`(${page.slice('docs/'.length)})`)) complain('docs/index.md', 1, `does not link ${page}`);
  }
}

/** Every dependency is there for a reason that somebody wrote down. */
function checkDependencies() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const decisions = readdirSync(path.join(root, 'docs/adr')).map((file) =>
    readFileSync(path.join(root, 'docs/adr', file), 'utf8'),
  );
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    if (!decisions.some((text) => text.includes(`\`${name}\``))) {
      complain('package.json', 1, `has ${name}, for which no decision in docs/adr gives a reason`);
    }
  }
}

const texts = files.filter((file) => /^(docs\/.*|README|ARCHITECTURE|CONTRIBUTING|SECURITY)(\.md)?$/.test(file));
for (const file of texts.filter((text) => text.endsWith('.md'))) checkText(file);
for (const file of texts.filter((text) => text.startsWith('docs/adr/'))) checkAdr(file);
checkIndex();
checkDependencies();
for (const line of complaints) console.error(line);
if (complaints.length > 0) process.exitCode = 1;
