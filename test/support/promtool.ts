import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** For `describe(…, { skip: withoutPromtool }, …)`. */
export const withoutPromtool: string | false =
  spawnSync('promtool', ['--version']).error === undefined ? false : "needs promtool (Debian's package prometheus)";

/** What `promtool check metrics` has against an exposition: an empty text when nothing. */
export async function promtoolComplaints(exposition: string): Promise<string> {
  const promtool = spawn('promtool', ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const { promise: status, resolve, reject } = Promise.withResolvers<number | null>();
  promtool.once('error', reject).once('close', resolve);
  // It may end before it has read everything; its verdict says why.
  promtool.stdin.on('error', () => undefined).end(exposition);
  const words = (await Promise.all([text(promtool.stdout), text(promtool.stderr)])).join('').trim();
  const code = await status;
  return code === 0 || words !== '' ? words : `promtool ended with ${String(code)}`;
}
