import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** The root logger: JSON lines on stdout, or into `destination`. Parts get a child each from `app`. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: { paths: ['*.token', '*.password', '*.secret', 'headers.authorization', 'headers.cookie'], censor: '[redacted]' },
  };
  return destination ? pino(options, destination) : pino(options);
}
