/**
 * What holds for the repository as a whole: the lock file pins every package by its hash and works at every registry,
 * nothing installs with scripts of packages, shell scripts are POSIX and can be run, no text names the machine it was
 * written on. argv[2]: another folder than this one.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'));
const complaints = [];

function tracked() {
  if (!existsSync(path.join(root, '.git'))) return [];
  return execFileSync('git', ['-C', root, 'ls-files', '-z'], { encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '' && existsSync(path.join(root, file)));
}

function checkLockFile() {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  for (const [name, entry] of Object.entries(lock.packages)) {
    if (entry.resolved !== undefined) {
      complaints.push(`package-lock.json pins ${name} to one registry; npm config omit-lockfile-registry-resolved`);
    }
    if (name !== '' && entry.integrity === undefined && entry.link !== true && entry.inBundle !== true) {
      complaints.push(`package-lock.json has no hash for ${name}`);
    }
  }
  for (const kind of ['dependencies', 'devDependencies']) {
    if (JSON.stringify(lock.packages[''][kind]) !== JSON.stringify(manifest[kind])) {
      complaints.push(`package-lock.json and package.json disagree about ${kind}; run npm install`);
    }
  }
}

function checkShell(file) {
  const full = path.join(root, file);
  const source = readFileSync(full, 'utf8');
  const isScript = source.startsWith('#!');
  if (isScript && !source.startsWith('#!/bin/sh\n')) complaints.push(`${file} is not for /bin/sh`);
  const { status, stderr } = spawnSync('sh', ['-n', full], { encoding: 'utf8' });
  if (status !== 0) complaints.push(`${file}: ${stderr.trim()}`);
  for (const command of source.matchAll(/^[^#\n]*\bnpm (ci|install|i)\b.*$/gm)) {
    if (!command[0].includes('--ignore-scripts')) {
      complaints.push(`${file} installs without --ignore-scripts, which lets every package run what it likes`);
    }
  }
  if (!isScript) return;
  try {
    accessSync(full, constants.X_OK);
  } catch {
    complaints.push(`${file} may not be executed; chmod +x and git add --chmod=+x`);
  }
}

/** A home folder or a checkout's place in a text leads nobody anywhere. */
const MACHINE = /(^|[\s"'`(=])\/(home|root|Users)\/[\w.-]+/;
const TEXT = /\.(ts|mjs|js|cjs|json|md|css|sh|yaml|yml|service|html|svg)$/;

function checkText(file) {
  if (file === 'package-lock.json') return;
  const lines = readFileSync(path.join(root, file), 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    if (MACHINE.test(line) || line.includes(`${root}/`))
      complaints.push(`${file}:${index + 1} names a folder of one machine`);
  }
}

checkLockFile();
for (const file of tracked()) {
  if (/^(script\/[^.]+|script\/hooks\/.+|bin\/.+|\.ci\/.+|.+\.sh)$/.test(file)) checkShell(file);
  if (TEXT.test(file)) checkText(file);
}
for (const line of complaints) console.error(line);
if (complaints.length > 0) process.exitCode = 1;
