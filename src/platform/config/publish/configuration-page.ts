import { type Key, keysOf, optionsText } from '../keys.ts';
import { allSections, type Sections } from '../load-config.ts';
import { notesOf } from '../shape.ts';

/** docs/configuration.md: every key of every section. */
export function configMarkdown(sections: Sections): string {
  const all = Object.entries(allSections(sections));
  const index = all.map(([name, schema]) => `- [${name}](#${name}): ${notesOf([schema]).description ?? ''}`);
  const tables = all.map(([name, schema]) => {
    const about = notesOf([schema]).description;
    const rows = keysOf(name, schema).map((key) => row(key));
    const intro = about === undefined ? [] : [`${about.replace(/\.$/, '')}.`, ''];
    return [
      `## ${name}`,
      '',
      ...intro,
      '| key | type | default | meaning | variable |',
      '|---|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  return `${INTRODUCTION}\n${index.join('\n')}\n\n${tables.join('\n\n')}\n`;
}

const INTRODUCTION = `# Configuration

<!-- Generated from the schemas that check the file, by \`npm run generate\`: change those. -->

One YAML file, \`signalbox.yaml\` in the working folder unless \`--config FILE\` or \`SIGNALBOX_CONFIG\` says otherwise.
\`signalbox init\` writes a commented one, \`signalbox check-config\` reports every mistake in one at once, and editors
complete it with the help of \`signalbox.schema.json\`. Sections and keys that are left out have their defaults; only
\`http.public_url\` has none.

**Variables.** \`\${NAME}\` in a text is replaced by that environment variable; one that is not set is a mistake. \`$\${\`
stands for the two characters themselves.

**Environment.** Every key can be set without the file: the column *variable* says by which name. Upper and lower case and
single underscores do not matter. What the variable says counts instead of the file. Lists are numbered from 0 and may be
given whole (\`["10.0.0.0/8"]\`). Free keys are written in place of \`<name>\`, in lower case. Shorter names exist for three:
\`PORT\` (port of \`http.listen\`), \`SIGNALBOX_DATA\` (\`data.folder\`), \`SIGNALBOX_CONFIG\` (the file).

**Secrets** (marked *secret*) can be given as a file instead: the key with \`_file\` behind it, or the variable with \`_FILE\`.
The file holds nothing but the secret; line ends behind it do not count. Relative paths start at the configuration file's
folder, in variables at the working folder. Secrets are never printed, and a value known from examples is refused.

**Certificates and keys.** \`check-config\` and the start look into the files of \`certificate_file\`, \`key_file\` and
\`ca_file\`: one that is missing, is not in PEM form or does not fit its key is a mistake. Relative paths of these start at
the working folder.

**Reloading.** On \`SIGHUP\` (\`systemctl reload signalbox\`) everything is read again. If there is any mistake, all of it stays
as it was and the log says why. Keys marked *restart* keep their value until the next start; a warning in the log
names them.
`;

function row(key: Key): string {
  const { notes } = key;
  const marks = [notes.secret ? '*secret*' : '', notes.restart ? '*restart*' : ''].filter((mark) => mark !== '');
  const said = (notes.description ?? '').replace(/\.$/, '');
  const choice = key.options.length === 0 ? '' : `. Either ${optionsText(key.options, code)}`;
  const meaning = [`${said}${choice}`, ...marks].join(' · ');
  const variable = key.group && !key.type.startsWith('list') ? '' : `\`${key.variable}\``;
  return `| \`${keyText(key)}\` | ${cell(key.type)} | ${cell(defaultText(key))} | ${cell(meaning)} | ${variable} |`;
}

function keyText({ path }: Key): string {
  return path
    .slice(1)
    .map((part) => (typeof part === 'number' ? '[]' : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

function defaultText(key: Key): string {
  if (key.second) return `instead of ${optionsText(key.insteadOf, code)}`;
  if (key.required && key.insteadOf.length > 0)
    return `**required** unless there is ${optionsText(key.insteadOf, code)}`;
  if (key.required) return '**required**';
  if (key.notes.defaultText !== undefined) return key.notes.defaultText;
  if (key.default === undefined || (key.group && JSON.stringify(key.default) === '{}')) return '';
  return `\`${typeof key.default === 'string' && key.default !== '' ? key.default : JSON.stringify(key.default)}\``;
}

function code(name: string): string {
  return `\`${name}\``;
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ');
}
