/**
 * Files that are made from the sources and kept in the repository, so that people can read them without running
 * anything. `npm run generate` writes them; with --check nothing is written and a file that differs is named.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');

/** A new generated file is one line here: its path, the module that makes it, and that module's function (may be async). */
const GENERATED = [
  { file: 'signalbox.schema.json', from: 'src/app/documents.ts', make: 'configurationSchema' },
  { file: 'signalbox.example.yaml', from: 'src/app/documents.ts', make: 'exampleConfiguration' },
  { file: 'docs/configuration.md', from: 'src/app/documents.ts', make: 'configurationPage' },
  { file: 'docs/data-model.md', from: 'src/app/documents.ts', make: 'dataModelPage' },
];

async function textOf({ from, make }) {
  const maker = (await import(path.join(root, from)))[make];
  if (typeof maker !== 'function') throw new Error(`${from} has no function ${make}`);
  const text = await maker();
  return text.endsWith('\n') ? text : `${text}\n`;
}

const isCheck = process.argv.includes('--check');
for (const entry of GENERATED) {
  const target = path.join(root, entry.file);
  const before = existsSync(target) ? readFileSync(target, 'utf8') : null;
  let text;
  try {
    text = await textOf(entry);
  } catch (error) {
    console.error(`${entry.file} cannot be generated: ${error.message}`);
    process.exitCode = 1;
    continue;
  }
  if (before === text) continue;
  if (isCheck) {
    console.error(`${entry.file} is not what the sources say; run: npm run generate`);
    process.exitCode = 1;
  } else {
    writeFileSync(target, text);
    console.log(`wrote ${entry.file}`);
  }
}
