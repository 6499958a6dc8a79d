import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { HttpOptions } from './parts.ts';

/** Against clients that send slowly: headers within 10 s, a whole request within 30 s. */
const PATIENCE = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 72_000, maxHeaderSize: 16 * 1024 };

const POLL_MS = 2000;

/** A plain or TLS server; certificate and key are read again when their files change, a bad pair keeps the old one. */
export function createSocketServer({ tls, log }: Pick<HttpOptions, 'tls' | 'log'>): {
  server: Server;
  stop: () => void;
} {
  if (!tls) return { server: createServer(PATIENCE), stop: () => undefined };
  const { certificateFile, keyFile } = tls;
  const read = () => ({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) });
  const server = createTlsServer({ ...PATIENCE, ...read() });
  const reload = () => {
    try {
      server.setSecureContext(read());
      log.info({ certificateFile }, 'certificate loaded again');
    } catch (err) {
      log.warn({ err, certificateFile }, 'certificate not loaded, the old one stays');
    }
  };
  // By polling: certificate tools replace files and links, which a watcher on the old file never sees.
  for (const file of [certificateFile, keyFile]) watchFile(file, { persistent: false, interval: POLL_MS }, reload);
  return {
    server,
    stop: () => {
      for (const file of [certificateFile, keyFile]) unwatchFile(file, reload);
    },
  };
}
