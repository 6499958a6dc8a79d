import { parseArgs } from 'node:util';
import { systemClock } from '../../src/core/index.ts';
import { type DemoWorld, demoScript, runDemoScript, seedDemoWorld } from '../demo/index.ts';
import { startGitlabSimulator } from './index.ts';

const USAGE = `node simulators/gitlab/main.ts [--port 9000] [--host 127.0.0.1] [--seed 1] [--token SECRET] [--still]

Runs the GitLab simulator alone, with the demo's lab in it.
--still  nothing happens by itself`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    seed: { type: 'string', default: '1' },
    token: { type: 'string' },
    still: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(`${USAGE}\n`);
} else {
  await run();
}

async function run(): Promise<void> {
  const seed = Number(values.seed);
  const seeded: DemoWorld[] = [];
  const simulator = await startGitlabSimulator({
    clock: systemClock,
    port: Number(values.port),
    host: values.host,
    seed(world) {
      seeded.push(seedDemoWorld(world, { seed, ...(values.token !== undefined && { tokenSecret: values.token }) }));
    },
  });
  const [demo] = seeded;
  if (demo === undefined) throw new Error('The demo world was not made.');
  const script = values.still ? null : runDemoScript(simulator.world, demo, demoScript(seed));
  const stop = () => {
    script?.stop();
    void simulator.close();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(
    `GitLab simulator: ${simulator.url}\nProject: ${demo.project.id} ${simulator.url}/lab/instrument-desk\n` +
      `API token for the simulator: ${demo.token.secret}\nControl: ${simulator.url}/-/simulator\n`,
  );
}
