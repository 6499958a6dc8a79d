import { type ParseArgsConfig, parseArgs } from 'node:util';
import { AppError } from '../core/index.ts';
import type { Io } from './command.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type WithHelp<T extends Options> = T & typeof HELP;

const HELP = { help: { type: 'boolean', short: 'h' } } as const;
/** What most commands take. */
export const CONFIG = { config: { type: 'string' } } as const;
export const CONFIG_AND_JSON = { ...CONFIG, json: { type: 'boolean' } } as const;

/** Reads the options of a command, which always has --help. Whether the plain words make sense is for the command to say. */
export function readArguments<const T extends Options>(
  argv: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; allowPositionals: true; options: WithHelp<T> }>> {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: { ...options, ...HELP } });
  } catch (cause) {
    if (!isArgumentError(cause)) throw cause;
    // What Node adds to an unknown option is about file names that begin with a dash.
    const problem =
      cause.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? cause.message.replace(/\. .*/s, '') : cause.message;
    throw new AppError('invalid', `${problem.replace(/\.?$/, '.')} --help shows what there is.`, { cause });
  }
}

function isArgumentError(error: unknown): error is TypeError & { code: string } {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

/** Says how a command is used: because somebody asked, or because the line makes no sense. Returns the exit code. */
export function showUsage(io: Io, text: string, asked: boolean | undefined): number {
  (asked ? io.print : io.error)(text);
  return asked ? 0 : 2;
}
