/**
 * Node takes the types out of a file each time a process loads it, which is half of what starting the program costs, and
 * a test run starts it some hundred times. Here a run does it once for each file: `stripOnce` keeps what is left of all
 * sources in a folder, and the processes below, their threads too, load this file and take it from there.
 */
import { hash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
// An npm of the machine's own may run under a Node that has no such hooks yet.
import * as nodeModule from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** By what it holds: a file that is changed or copied meanwhile is never taken for another. */
function keptAs(folder, source) {
  return path.join(folder, hash('sha256', source));
}

/** Fills the folder and returns the value of NODE_OPTIONS with which a process takes from it. */
export function stripOnce(root, folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of globSync('{src,test,simulators,bench}/**/*.ts', { cwd: root })) {
    const source = readFileSync(path.join(root, file));
    try {
      writeFileSync(keptAs(folder, source), nodeModule.stripTypeScriptTypes(source.toString()));
    } catch {
      // Who loads it is told what is wrong with it.
    }
  }
  const hooks = pathToFileURL(import.meta.filename);
  hooks.searchParams.set('from', folder);
  return `--import=${hooks.href}`;
}

function takeFrom(folder) {
  nodeModule.registerHooks?.({
    load(url, context, next) {
      if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
      try {
        const source = readFileSync(keptAs(folder, readFileSync(fileURLToPath(url))));
        return { format: 'module', source, shortCircuit: true };
      } catch {
        return next(url, context);
      }
    },
  });
}

const from = new URL(import.meta.url).searchParams.get('from');
if (from !== null) takeFrom(from);
