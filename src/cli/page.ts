import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { environment } from '../platform/config/index.ts';
import type { Command } from './command.ts';
import { serverUrl } from './server-url.ts';
import { copySite } from './site-copy.ts';

const USAGE = `Usage: signalbox page export FOLDER [--url URL] [--language en|it] [--json] [--config FILE]

Writes the whole public face as static files: pages, incidents, feeds, badges, /api/v2. For a second home that stays up
when this one does not; run it every few minutes and let any file server serve the folder. What was in the folder is
replaced as a whole.

--url       the running server; else that of the configuration file, else http://127.0.0.1:8080
--language  of the pages; English when absent
--json      the result as JSON

Exit code: 0 done, 1 done but some links led nowhere, 2 not done.`;

export const command: Command = {
  name: 'page',
  summary: 'Write the public pages as static files',
  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        language: { type: 'string' },
        config: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const [verb, folder] = positionals;
    if (values.help || verb !== 'export' || folder === undefined || positionals.length > 2) {
      (values.help ? io.print : io.error)(USAGE);
      return values.help ? 0 : 2;
    }
    const url = await serverUrl(values, environment());
    const isSeen = process.stderr.isTTY && values.json !== true;
    const copied = await copySite({
      url,
      folder: resolve(folder),
      language: values.language,
      ...(isSeen ? { onProgress: (files, known) => process.stderr.write(`\r${files} of ${known} files `) } : {}),
    });
    if (isSeen) process.stderr.write('\n');
    if (values.json === true) io.print(JSON.stringify(copied));
    else {
      io.print(`${copied.files} files, ${Math.ceil(copied.bytes / 1024)} kB, in ${resolve(folder)}`);
      for (const { path, status } of copied.failed) io.error(`${path} answers ${status} and is left out.`);
    }
    return copied.failed.length === 0 ? 0 : 1;
  },
};
