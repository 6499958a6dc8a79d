/**
 * The release: dist/ is the tree of src/ and simulators/ as JavaScript, with everything they read beside it. A release
 * starts faster than the sources and, unlike them, also runs from node_modules.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const compiler = path.join(root, 'node_modules', '.bin', 'tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);

// Style sheets, browser scripts, pictures, recorded answers: what is no TypeScript is read at run time.
const assets = globSync('{src,simulators}/**/*.*', { cwd: root, exclude: (file) => /\.(ts|md)$/.test(String(file)) });
for (const file of assets) cpSync(path.join(root, file), path.join(dist, file), { recursive: true });
