import { system } from '../core/index.ts';
import { planProjects } from '../modules/facility/index.ts';
import { CONFIG, readArguments, showUsage } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { connect } from './facility-connect.ts';
import { stepLine } from './facility-steps.ts';
import { withKnown } from './known-installation.ts';
import { readConfig } from './open-configured.ts';
import { withData } from './open-data.ts';

const USAGE = `Usage: signalbox facility connect [options]
       signalbox facility plan [PROJECT] [--config FILE] [--json]

connect  walks through connecting a GitLab project: token, labels, webhook, first badges. It asks for what is missing.
  --url URL             address of the GitLab
  --project ID|PATH     number or path of the project
  --token-file FILE     file with an access token (scope api, role Maintainer); - reads it from standard input
  --integration NAME    how we call this GitLab (as the configuration does, else gitlab)
  --public-url URL      our own address as GitLab and visitors reach it
  --device NAME         create the label of a device; may be given several times
  --folder FOLDER       where to write the secret files (secrets)
  --no-badges           leave the badges to the server
  --dry-run             say what would be done and do nothing
  --yes                 do not ask before writing
  --config FILE         the configuration, if there is one already: a project in it keeps its rules and badges

plan     says what the next reading would change in GitLab: <integration>/<project>, or all of them.`;

export const command: Command = {
  name: 'facility',
  summary: 'Connect a GitLab project, or see what would change in it',
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, {
      ...CONFIG,
      url: { type: 'string' },
      project: { type: 'string' },
      'token-file': { type: 'string' },
      integration: { type: 'string' },
      'public-url': { type: 'string' },
      device: { type: 'string', multiple: true, default: [] },
      folder: { type: 'string', default: 'secrets' },
      'no-badges': { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    });
    const [verb, project, ...rest] = positionals;
    if (!values.help && verb === 'plan' && rest.length === 0)
      return plan({ config: values.config, project, json: values.json }, io);
    if (!values.help && verb === 'connect' && project === undefined) {
      const options = {
        url: values.url,
        project: values.project,
        tokenFile: values['token-file'],
        integration: values.integration,
        publicUrl: values['public-url'],
        devices: values.device,
        folder: values.folder,
        badges: !values['no-badges'],
        dryRun: values['dry-run'],
        yes: values.yes,
      };
      return withKnown(values.config, (known) => connect(options, io, { known }));
    }
    return showUsage(io, USAGE, values.help);
  },
};

/** 0: nothing would change; 1: something would. */
async function plan(
  asked: { config: string | undefined; project: string | undefined; json: boolean },
  io: Io,
): Promise<number> {
  const config = readConfig(asked.config);
  return withData(asked.config, async (data) => {
    const plans = await planProjects({ ...data, config }, system('command-line'), asked.project);
    if (asked.json) io.print(JSON.stringify(plans));
    else if (plans.length === 0) io.print('No project is configured. Connect one with: signalbox facility connect');
    for (const { id, plan: found } of asked.json ? [] : plans) {
      io.print(`${id} (${found.project.title}): ${found.devices.length} devices`);
      for (const device of found.devices) {
        io.print(`  ${device.name.padEnd(30)} ${device.state.padEnd(16)} ${device.issue ?? ''}`.trimEnd());
      }
      for (const label of found.unknownLabels) io.print(`  unknown device label: ${label}`);
      if (found.badges === null) io.print('  badges are off');
      else if (found.badges.length === 0) io.print('  badges: nothing to change');
      else for (const step of found.badges) io.print(`  ${stepLine(step)}`);
    }
    return plans.some(({ plan: { badges } }) => badges !== null && badges.length > 0) ? 1 : 0;
  });
}
