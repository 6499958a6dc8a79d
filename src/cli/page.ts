import { resolve } from 'node:path';
import { environment } from '../platform/config/index.ts';
import { CONFIG_AND_JSON, readArguments, showUsage } from './arguments.ts';
import type { Command } from './command.ts';
import { serverUrl } from './server-url.ts';
import { copySite, MOST_FILES } from './site-copy.ts';

const USAGE = `Usage: signalbox page export FOLDER [--url URL] [--language en|it] [--most FILES]
                             [--json] [--config FILE]

Writes the whole public face as static files: pages, incidents, feeds, badges, /api/v2. For a second home that stays up
when this one does not; run it every few minutes and let any file server serve the folder. What was in the folder is
replaced as a whole. Searches and filters cannot be answered by files: links and forms lead to the running server at its
public address, and each page says at its top from when it is.

--url       the running server; else that of the configuration file, else http://127.0.0.1:8080,
            or the port in PORT
--language  of the pages; English when absent
--most      how many files are written at most; 100000 when absent
--json      the result as JSON

Exit code: 0 done, 1 done but not whole (some links led nowhere, or there were too many pages), 2 not done.`;

export const command: Command = {
  name: 'page',
  summary: 'Write the public pages as static files',
  async run(argv, io) {
    const options = {
      ...CONFIG_AND_JSON,
      url: { type: 'string' },
      language: { type: 'string' },
      most: { type: 'string' },
    } as const;
    const { values, positionals } = readArguments(argv, options);
    const [verb, folder] = positionals;
    if (values.help || verb !== 'export' || folder === undefined || positionals.length > 2) {
      return showUsage(io, USAGE, values.help);
    }
    const most = Number(values.most ?? MOST_FILES);
    if (!Number.isSafeInteger(most) || most < 1) return showUsage(io, USAGE, false);
    const url = await serverUrl(values, environment());
    const isSeen = process.stderr.isTTY && values.json !== true;
    const copied = await copySite({
      url,
      folder: resolve(folder),
      language: values.language,
      mostFiles: most,
      ...(isSeen ? { onProgress: (files, known) => process.stderr.write(`\r${files} of ${known} files `) } : {}),
    });
    if (isSeen) process.stderr.write('\n');
    if (values.json === true) io.print(JSON.stringify(copied));
    else {
      io.print(`${copied.files} files, ${Math.ceil(copied.bytes / 1024)} kB, in ${resolve(folder)}`);
      for (const { path, status } of copied.failed) io.error(`${path} answers ${status} and is left out.`);
    }
    if (copied.leftOut > 0) {
      io.error(`The copy is not whole: at least ${copied.leftOut} pages more were found than it may hold.`);
    }
    return copied.failed.length === 0 && copied.leftOut === 0 ? 0 : 1;
  },
};
