/**
 * Files that are made from the sources and kept in the repository, so that people can read them without running
 * anything. `npm run generate` writes them; with --check nothing is written and a file that differs is named.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const app = () => import('../src/app/index.ts');
const config = () => import('../src/platform/config/index.ts');
const database = () => import('../src/platform/database/index.ts');

async function sections() {
  const { modules } = await app();
  return Object.fromEntries(modules.map((module) => [module.name, module.config]));
}

/** A new generated file is one line here. */
const GENERATED = {
  'docs/configuration.md': async () => (await config()).configMarkdown(await sections()),
  'docs/data-model.md': async () => (await database()).dataModelPage((await app()).schemaParts()),
  'signalbox.example.yaml': async () => (await config()).exampleYaml(await sections()),
  'signalbox.schema.json': async () =>
    `${JSON.stringify((await config()).configJsonSchema(await sections()), null, 2)}\n`,
};

const isCheck = process.argv.includes('--check');

async function compare(file, make) {
  const target = path.join(root, file);
  const before = existsSync(target) ? readFileSync(target, 'utf8') : null;
  const text = await make();
  if (before === text) return;
  if (!isCheck) {
    writeFileSync(target, text);
    console.log(`wrote ${file}`);
    return;
  }
  console.error(`${file} is not what the sources say; run: npm run generate`);
  process.exitCode = 1;
}

for (const [file, make] of Object.entries(GENERATED)) {
  try {
    await compare(file, make);
  } catch (error) {
    console.error(`${file} cannot be generated: ${error.message}`);
    process.exitCode = 1;
  }
}
