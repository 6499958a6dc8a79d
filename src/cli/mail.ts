import { modules } from '../app/modules.ts';
import { AppError, UpstreamError } from '../core/index.ts';
import { configFile, environment, requireConfig } from '../platform/config/index.ts';
import { createLogger } from '../platform/log/index.ts';
import { createMailer } from '../platform/mail/index.ts';
import { CONFIG, readArguments, showUsage } from './arguments.ts';
import type { Command, Io } from './command.ts';

export const command: Command = {
  name: 'mail',
  summary: 'mail test <address>: send a mail with the settings of the section smtp',
  run: mail,
};

async function mail(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, CONFIG);
  const [verb, to, ...more] = positionals;
  if (values.help || verb !== 'test' || to === undefined || more.length > 0) {
    return showUsage(io, 'Usage: signalbox mail test <address> [--config FILE]', values.help);
  }
  const env = environment();
  const sections = Object.fromEntries(modules.map((module) => [module.name, module.config]));
  const { smtp, site } = requireConfig({ file: configFile(values.config, env), env, sections, purpose: 'tool' });
  const mailer = createMailer(() => smtp, createLogger('silent'), { pausesMs: [] }).current();
  if (mailer === null) {
    throw new AppError('unavailable', 'No mail server is configured: set smtp.host and smtp.from.');
  }
  try {
    await mailer.send({
      to,
      subject: `${site.title}: test`,
      text: `This mail was sent with "signalbox mail test". ${site.title} can send mail.\n`,
    });
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    io.error(`Not sent: ${error.message}`);
    return 1;
  }
  io.print(`The mail server took the mail for ${to}.`);
  return 0;
}
