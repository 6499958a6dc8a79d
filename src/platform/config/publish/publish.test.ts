import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { uncommentedExample } from '../../../../test/support/uncommented-example.ts';
import { configJsonSchema, configMarkdown, exampleYaml, loadConfig, secret, undescribedKeys } from '../index.ts';
import { allPaths } from '../keys.ts';
import { platformSections } from '../sections.ts';

const lab = z
  .object({
    projects: z
      .array(
        z.object({
          id: z
            .int()
            .min(1)
            .describe('Number')
            .meta({ examples: [301] }),
          token: secret().describe('Token, or | pipe'),
          order: z.enum(['name', 'colour']).default('name').describe('Order'),
        }),
      )
      .default([])
      .describe('Projects'),
    labels: z
      .record(z.string(), z.object({ level: z.string().describe('Level') }))
      .default({})
      .describe('Labels'),
    patience: z
      .union([
        z.strictObject({
          times: z
            .int()
            .describe('How often')
            .meta({ examples: [3] }),
          of: z
            .int()
            .describe('Of how many')
            .meta({ examples: [5] }),
        }),
        z.strictObject({
          lasting: z
            .string()
            .min(2)
            .describe('How long')
            .meta({ examples: ['5m'] }),
        }),
      ])
      .optional()
      .describe('What has to be seen'),
  })
  .prefault({})
  .describe('A lab');
const sections = { lab };

type Json = { [key: string]: Json } & { required?: string[]; description?: string };

type Check = { env?: Record<string, string>; uncommented?: boolean };

function checked(text: string, { env = {}, uncommented = false }: Check = {}): ReturnType<typeof loadConfig> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-example-'));
  try {
    const file = join(folder, 'signalbox.yaml');
    writeFileSync(file, uncommented ? uncommentedExample(text, folder) : text);
    return loadConfig({ file, env, sections });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the sections of the platform', () => {
  it('say what each of their keys means', () => {
    assert.deepEqual(undescribedKeys(platformSections), []);
  });

  it('are missed when they do not', () => {
    assert.deepEqual(undescribedKeys({ a: z.object({ b: z.object({ c: z.string() }).describe('B') }) }), [
      'a',
      'a.b.c',
    ]);
  });
});

describe('the example', () => {
  it('is good as it is', () => {
    const result = checked(exampleYaml(sections));
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(result.config.http.public_url, 'https://status.example.org');
  });

  it('is good with every comment sign taken off', () => {
    const env = {
      DATABASE_PASSWORD: 'f81d4fae7dec',
      SMTP_PASSWORD: 'f81d4fae7dec',
      PROJECTS_TOKEN: 'f81d4fae7dec',
      OIDC_CLIENT_SECRET: 'f81d4fae7dec',
      LEGACY_TOKENS_SECRET: 'f81d4fae7decf81d4fae7decf81d4fae7dec',
    };
    const result = checked(exampleYaml(sections), { env, uncommented: true });
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(result.config['lab'], {
      projects: [{ id: 301, token: 'f81d4fae7dec', order: 'name' }],
      labels: {},
      patience: { times: 3, of: 5 },
    });
    assert.equal(result.config.smtp.host, 'mail.example.org');
  });

  it('names every key that is not under a free one', () => {
    const text = exampleYaml(sections);
    for (const path of allPaths({ ...platformSections, ...sections })) {
      if (!path.includes('<name>')) assert.match(text, new RegExp(`^#? *(# )?(- )?${String(path.at(-1))}:`, 'm'));
    }
  });

  it('gives of keys that exclude each other the first ones, and says which they exclude', () => {
    const [, lines = ''] = /^#  patience:\n((?: *#.*\n| +#.*\n|#    .*\n)*)/m.exec(exampleYaml(sections)) ?? [];
    assert.deepEqual(lines.trimEnd().split('\n').slice(0, 6), [
      '    # How often (required unless there is lasting)',
      '#    times: 3',
      '    # Of how many (required unless there is lasting)',
      '#    of: 5',
      '    # Or, instead of times and of: How long',
      '    # lasting: 5m',
    ]);
    assert.match(exampleYaml(sections), /^ {2}# What has to be seen\. Either times and of, or lasting$/m);
  });

  it('looks the same on every machine', () => {
    assert.doesNotMatch(
      exampleYaml(sections),
      new RegExp(`timezone: ${Intl.DateTimeFormat().resolvedOptions().timeZone}\n`),
    );
    assert.ok(
      exampleYaml(sections)
        .split('\n')
        .every((line) => line.length <= 120),
    );
  });
});

describe('the JSON Schema', () => {
  const schema = configJsonSchema(sections) as Json;

  it('is of draft 2020-12 and knows only our keys', () => {
    assert.equal(schema['$schema'], 'https://json-schema.org/draft/2020-12/schema');
    assert.equal(schema['additionalProperties'], false);
    assert.equal(schema['properties']?.['http']?.['additionalProperties'], false);
    assert.deepEqual(Object.keys(schema['properties'] ?? {}), [...Object.keys(platformSections), 'lab']);
  });

  it('asks for the token or its file', () => {
    const project = schema['properties']?.['lab']?.['properties']?.['projects']?.['items'];
    assert.deepEqual(project?.required, ['id']);
    assert.deepEqual(project['allOf'], [{ oneOf: [{ required: ['token'] }, { required: ['token_file'] }] }]);
    assert.equal(project['properties']?.['token']?.['writeOnly'], true);
    assert.ok(project['properties']['token_file']);
  });

  it('lets a variable stand where a number belongs', () => {
    const pages = schema['properties']?.['http']?.['properties']?.['limits']?.['properties']?.['pages'];
    assert.deepEqual(pages?.['anyOf'], [
      { type: 'integer', minimum: 1, maximum: 1_000_000 },
      { $ref: '#/$defs/variable' },
    ]);
  });

  it('says what every key means and nothing of ours', () => {
    const text = JSON.stringify(schema);
    assert.doesNotMatch(text, /"(secret|restart)":true|"(defaultText|pem)":/);
    assert.match(
      schema['properties']?.['site']?.['properties']?.['timezone']?.description ?? '',
      /zone of the machine/,
    );
    assert.equal(schema['properties']?.['site']?.['properties']?.['timezone']?.['default'], undefined);
  });
});

describe('the page of the manual', () => {
  const page = configMarkdown(sections);

  it('has a row for every key with the name of its variable', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    const paths = allPaths({ ...platformSections, ...sections }).filter((path) => path.length > 1);
    assert.equal(rows.length, paths.length);
    assert.match(
      page,
      /\| `projects\[\]\.id` \| whole number from 1 \| \*\*required\*\* \|.*`SIGNALBOX__LAB__PROJECTS__0__ID`/,
    );
    assert.match(page, /\| `tls\.key_file` \|/);
  });

  it('says which keys exclude each other', () => {
    assert.match(page, /\| `patience` \| group \|  \| What has to be seen\. Either `times` and `of`, or `lasting` \|/);
    assert.match(page, /\| `patience\.of` \| whole number \| \*\*required\*\* unless there is `lasting` \|/);
    assert.match(page, /\| `patience\.lasting` \| text \| instead of `times` and `of` \|/);
  });

  it('keeps a bar in a text inside its cell', () => {
    const bars = page
      .split('\n')
      .find((line) => line.includes('pipe'))
      ?.match(/(?<!\\)\|/g);
    assert.equal(bars?.length, 6);
  });

  it('marks secrets and what needs a restart', () => {
    assert.match(page, /`password` \|.*\*secret\*/);
    assert.match(page, /`listen` \|.*\*restart\*/);
  });
});
