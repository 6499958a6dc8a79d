import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Nobody logs these on purpose; this is for whole objects given to a line by mistake. */
const SECRET_KEYS = ['token', 'hook_token', 'signing_token', 'password', 'secret', 'authorization', 'cookie'];

/** The root logger: JSON lines on stdout, or into `destination`. Parts get a child each from `app`. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: {
      paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
      censor: '[redacted]',
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
