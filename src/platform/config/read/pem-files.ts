import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { createSecureContext } from 'node:tls';
import { keysOf } from '../keys.ts';
import type { PemContents, Schema } from '../shape.ts';
import { type Mistake, type Path, pathText, shown } from './mistake.ts';
import type { Resolver } from './resolve.ts';
import { looksLikePath, unreadable } from './secret-file.ts';
import { valueBelow } from './value-below.ts';

/** The largest bundles of authorities have a quarter of this. */
const LARGEST = 1024 * 1024;

interface Looking {
  sections: Readonly<Record<string, Schema>>;
  /** The plain values, whatever else is wrong with them. */
  values: unknown;
  resolver: Resolver;
  /** Folder that relative paths start from. */
  folder: string;
}

type Complaint = { problem: string; remedy: string };
type Contents = { certificate: X509Certificate; text: string } | { key: KeyObject; text: string };

/** Looks into every PEM file that is named: a start that fails on one would already have touched the database. */
export function pemMistakes(looking: Looking): Mistake[] {
  const mistakes: Mistake[] = [];
  const read = new Map<string, { path: Path; contents: Contents }>();
  for (const { path, pem, name } of namedFiles(looking)) {
    const found = readPem(resolvePath(looking.folder, name), name, pem);
    if ('problem' in found) mistakes.push(mistakeAt(path, name, found, looking));
    else read.set(JSON.stringify([...path.slice(0, -1), pem]), { path, contents: found });
  }
  for (const { path, contents } of read.values()) {
    const key = read.get(JSON.stringify([...path.slice(0, -1), 'key']));
    if (!('certificate' in contents) || key === undefined || !('key' in key.contents)) continue;
    const problem = pairProblem(contents, { ...key.contents, name: pathText(key.path) });
    if (problem) mistakes.push(mistakeAt(path, String(valueBelow(looking.values, path)), problem, looking));
  }
  return mistakes;
}

function* namedFiles({ sections, values, resolver }: Looking): Generator<{
  path: Path;
  pem: PemContents;
  name: string;
}> {
  for (const { path, notes } of Object.entries(sections).flatMap(([section, schema]) => keysOf(section, schema))) {
    const name = notes.pem === undefined ? undefined : valueBelow(values, path);
    const isBroken = resolver.broken.some((broken) => broken.every((part, at) => path[at] === part));
    if (notes.pem !== undefined && typeof name === 'string' && name !== '' && !isBroken) {
      yield { path, pem: notes.pem, name };
    }
  }
}

/** Somebody may have put the key itself where its file belongs: only what looks like a path is repeated. */
function mistakeAt(path: Path, name: string, complaint: Complaint, { resolver }: Looking): Mistake {
  const value = looksLikePath(name) ? { value: shown(name) } : {};
  return { path: pathText(path), ...resolver.written(path).origin, ...value, ...complaint };
}

function readPem(file: string, written: string, pem: PemContents): Contents | Complaint {
  const name = looksLikePath(written) ? file : 'the file';
  try {
    const stat = statSync(file);
    // A pipe would give its text away here, and have none left when it counts.
    if (!stat.isFile() && !stat.isDirectory()) {
      return { problem: 'names something that is no file', remedy: 'Write the path of a file.' };
    }
    if (stat.size > LARGEST) return { problem: 'names a file larger than 1 MB', remedy: 'Is this the right file?' };
    const text = readFileSync(file, 'utf8');
    return pem === 'key' ? readKey(text, name) : readCertificates(text, name);
  } catch (error) {
    return unreadable(error instanceof Error && 'code' in error ? String(error.code) : 'unknown', name);
  }
}

function readCertificates(text: string, name: string): Contents | Complaint {
  const blocks = text.match(/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----.*?-----END \1?CERTIFICATE-----/gs) ?? [];
  try {
    const [first] = blocks.map((block) => new X509Certificate(block));
    if (first !== undefined) return { certificate: first, text };
  } catch {
    return { problem: 'names a file with a damaged certificate', remedy: `Put the whole certificate into ${name}.` };
  }
  const remedy = `${name} must hold a text between "-----BEGIN CERTIFICATE-----" and "-----END CERTIFICATE-----".`;
  return { problem: 'names a file that holds no certificate in PEM form', remedy: capital(remedy) };
}

function readKey(text: string, name: string): Contents | Complaint {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    const remedy = 'Take the passphrase off with: openssl pkey -in KEY -out NEW_KEY.';
    return { problem: 'names a key that is locked with a passphrase', remedy };
  }
  try {
    return { key: createPrivateKey(text), text };
  } catch {
    const remedy = `${name} must hold a text between "-----BEGIN PRIVATE KEY-----" and "-----END PRIVATE KEY-----".`;
    return { problem: 'names a file that holds no private key in PEM form', remedy: capital(remedy) };
  }
}

function capital(sentence: string): string {
  return sentence.startsWith('the ') ? `The ${sentence.slice(4)}` : sentence;
}

function pairProblem(
  { certificate, text }: { certificate: X509Certificate; text: string },
  key: { key: KeyObject; text: string; name: string },
): Complaint | null {
  if (!certificate.checkPrivateKey(key.key)) {
    const problem = `names a certificate that the key of ${key.name} does not belong to`;
    return { problem, remedy: 'Name the two files that were made together; the certificate stands first in its file.' };
  }
  try {
    createSecureContext({ cert: text, key: key.text });
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return {
      problem: `names a certificate that cannot be used (${code})`,
      remedy: 'Have a new one made, with its key.',
    };
  }
}
