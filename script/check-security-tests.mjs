/**
 * docs/security-tests.md has a row for every attack that we promise to withstand, with the files that prove it or why it
 * does not apply yet. A row "not yet: …" is a promise not kept: tolerated while working, refused with CI=true.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ATTACKS = 36;
const PAGE = 'docs/security-tests.md';
const root = path.join(import.meta.dirname, '..');
const complaints = [];

function rows() {
  const found = new Map();
  for (const line of readFileSync(path.join(root, PAGE), 'utf8').split('\n')) {
    const row = /^\| *(\d+) *\|([^|]*)\|([^|]*)\|$/.exec(line);
    if (row === null) continue;
    const number = Number(row[1]);
    if (found.has(number)) complaints.push(`attack ${number} has two rows`);
    found.set(number, { attack: row[2].trim(), proof: row[3].trim() });
  }
  return found;
}

function checkProof(number, proof) {
  // Words in backticks without a slash are parts of a sentence.
  const files = [...proof.matchAll(/`([^`]+)`/g)].map(([, file]) => file).filter((file) => file.includes('/'));
  for (const file of files) {
    if (!/\.(test|spec)\.(ts|mjs)$/.test(file)) complaints.push(`attack ${number} names ${file}, which is no test`);
    else if (!existsSync(path.join(root, file)))
      complaints.push(`attack ${number} names ${file}, which does not exist`);
  }
  if (/not yet: \S/.test(proof)) {
    if (process.env.CI === 'true')
      complaints.push(`attack ${number} has a gap: ${proof.slice(proof.indexOf('not yet: '))}`);
    return;
  }
  if (files.length === 0 && !/^does not apply yet: \S.{20,}/.test(proof)) {
    complaints.push(`attack ${number} needs test files in backticks, or "does not apply yet: " and a reason`);
  }
}

const table = rows();
for (let number = 1; number <= ATTACKS; number += 1) {
  const row = table.get(number);
  if (row === undefined) complaints.push(`attack ${number} has no row`);
  else {
    if (row.attack.length < 20) complaints.push(`attack ${number} is not described`);
    checkProof(number, row.proof);
  }
}
for (const number of table.keys()) if (number < 1 || number > ATTACKS) complaints.push(`there is no attack ${number}`);
for (const line of complaints) console.error(`${PAGE}: ${line}`);
if (complaints.length > 0) process.exitCode = 1;
