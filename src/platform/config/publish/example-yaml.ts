import { stringify } from 'yaml';
import type * as z from 'zod';
import { type Key, keysOf, optionsText } from '../keys.ts';
import { allSections, type Sections } from '../load-config.ts';
import type { Path } from '../read/mistake.ts';
import { notesOf } from '../shape.ts';

const WIDTH = 118;

/**
 * A commented configuration to begin with. What must be set stands there with an example, everything else is commented
 * out with its default: `#key`, while prose is `# text`.
 */
export function exampleYaml(sections: Sections, schemaFile = './signalbox.schema.json'): string {
  const parts = Object.entries(allSections(sections)).map(([name, schema]) => section(name, schema));
  return `# yaml-language-server: $schema=${schemaFile}\n${INTRODUCTION}\n${parts.join('\n')}`;
}

const INTRODUCTION = `#
# Configuration of Signalbox. docs/configuration.md explains every key; \`signalbox check-config\` checks this file.
# Only what is not commented out has to be set. Secrets belong into variables (\${NAME}) or files (key_file: path).
`;

function section(name: string, schema: z.core.$ZodType): string {
  const keys = keysOf(name, schema);
  const live = keys.some((key) => key.required && key.path.length === 2);
  const lines = [...prose(notesOf([schema]).description ?? name, ''), live ? `${name}:` : `#${name}:`];
  for (const key of keys) lines.push(...keyLines(key, keys, live));
  return `${lines.join('\n')}\n`;
}

function keyLines(key: Key, keys: readonly Key[], sectionLive: boolean): string[] {
  // Groups under free keys are an advanced thing: the line of the free keys shows where they belong.
  if (key.path.includes('<name>')) return [];
  const name = String(key.path.at(-1));
  const indent = '  '.repeat(key.path.length - 1);
  const outer = isFirstOfEntry(key, keys) ? `${indent.slice(2)}- ` : indent;
  const live = sectionLive && key.required && key.path.length === 2;
  const comment = live ? '' : '#';
  // Without a comment sign in the first column: who takes those away gets the first option only.
  const start = key.second ? `${indent}# ` : `${comment}${outer}`;
  const explained = prose(meaning(key, live), indent);
  const hasKeys = keys.some((other) => isBelow(other.path, key.path) && !other.path.includes('<name>'));
  return [...explained, `${start}${name}:${key.group && hasKeys ? '' : ` ${value(key)}`}`];
}

function meaning({ notes, required, options, insteadOf, second }: Key, live: boolean): string {
  const said = (notes.description ?? '').replace(/\.$/, '');
  if (second) return `Or, instead of ${optionsText(insteadOf)}: ${said}`;
  const text = options.length === 0 ? said : `${said}. Either ${optionsText(options)}`;
  const normal = notes.defaultText === undefined ? '' : `. By default ${notes.defaultText.replaceAll('`', '')}`;
  const unless = insteadOf.length === 0 ? '' : ` unless there is ${optionsText(insteadOf)}`;
  return `${text}${normal}${required && !live ? ` (required${unless})` : ''}`;
}

/** The first key of a list's entry carries its dash. */
function isFirstOfEntry({ path }: Key, keys: readonly Key[]): boolean {
  if (path.at(-2) !== 0) return false;
  const entry = path.slice(0, -1);
  return keys.find((key) => isBelow(key.path, entry))?.path === path;
}

function isBelow(path: Path, above: Path): boolean {
  return path.length > above.length && above.every((part, at) => path[at] === part);
}

/** What stands behind the colon. */
function value(key: Key): string {
  const preferExample = key.required || key.default === undefined || key.notes.defaultText !== undefined;
  const example = preferExample ? key.notes.examples[0] : key.default;
  if (example === undefined) return placeholder(key);
  return typeof example === 'object' ? JSON.stringify(example) : stringify(example, { lineWidth: 0 }).trimEnd();
}

function placeholder(key: Key): string {
  if (key.notes.secret)
    return `\${${key.path
      .filter((part) => typeof part === 'string' && part !== '<name>')
      .slice(-2)
      .join('_')
      .toUpperCase()}}`;
  if (key.type.startsWith('list')) return '[]';
  if (key.type.startsWith('group')) return '{}';
  const choice = /^`([^`]+)`/.exec(key.type)?.[1];
  return choice ?? (key.type.includes('number') && !key.type.includes('text') ? '1' : '""');
}

function prose(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = `${indent}#`;
    }
    line += ` ${word}`;
  }
  return line === `${indent}#` ? lines : [...lines, line];
}
