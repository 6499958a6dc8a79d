import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type GitlabSimulator, type Project, startGitlabSimulator } from '../../simulators/gitlab/index.ts';
import { startApp } from '../../test/support/start-app.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../core/index.ts';
import type { Io } from './command.ts';
import { command } from './facility.ts';
import { type ConnectOptions, connect } from './facility-connect.ts';
import { command as importCommand } from './import.ts';
import type { Prompt } from './prompt.ts';

const TOKEN = 'glpat-of-the-command-line';

interface Terminal extends Io {
  out: string[];
  err: string[];
}

function terminal(): Terminal {
  const [out, err]: [string[], string[]] = [[], []];
  return { out, err, print: (line) => void out.push(line), error: (line) => void err.push(line) };
}

/** A person who answers in this order. */
function person(answers: string[]): Prompt & { asked: string[] } {
  const asked: string[] = [];
  const next = async (question: string): Promise<string> => {
    asked.push(question);
    return answers.shift() ?? '';
  };
  return {
    asked,
    ask: next,
    secret: next,
    yes: async (question) => (await next(question)) === 'yes',
    close: () => undefined,
  };
}

describe('signalbox facility', () => {
  let gitlab: GitlabSimulator;
  let project: Project;
  let folder: string;
  let given: string[];

  before(async () => {
    gitlab = await startGitlabSimulator({ clock: systemClock });
    project = gitlab.world.addProject({ path: 'lab/desk', id: 301 });
    gitlab.world.addToken({ secret: TOKEN });
    folder = await mkdtemp(join(tmpdir(), 'signalbox-cli-'));
    await writeFile(join(folder, 'token'), `${TOKEN}\n`);
    given = [
      'connect',
      '--url',
      gitlab.url,
      '--project',
      'lab/desk',
      '--token-file',
      join(folder, 'token'),
      '--integration',
      'lab',
      '--public-url',
      'https://status.example.test',
      '--folder',
      join(folder, 'secrets'),
      '--device',
      'Cryo A',
    ];
  });

  after(async () => {
    await gitlab.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('connect --dry-run says what would be done and does nothing', async () => {
    const io = terminal();
    assert.equal(await command.run([...given, '--dry-run'], io), 0);
    for (const line of ['create label CRITICAL', 'create label D:Cryo A', 'create badge signalbox:lab:cryo-a'])
      assert.ok(io.out.includes(line), line);
    assert.equal(gitlab.requests.writes().total, 0);
  });

  it('connect does nothing without --yes when nobody can be asked', async () => {
    const io = terminal();
    const options = { ...optionsOf(), yes: false };
    assert.equal(await connect(options, io, { prompt: null }), 1);
    assert.match(io.err.join(), /--yes/);
    assert.equal(gitlab.requests.writes().total, 0);
  });

  it('connect asks for what is missing, the token unseen, and stops at a no', async () => {
    const io = terminal();
    const someone = person([gitlab.url, '301', 'https://status.example.test', TOKEN, 'no']);
    const options = { ...optionsOf(), url: undefined, project: undefined, publicUrl: undefined, tokenFile: undefined };
    assert.equal(await connect(options, io, { prompt: someone }), 1);
    assert.equal(someone.asked.length, 5);
    assert.equal(gitlab.requests.writes().total, 0);
    assert.doesNotMatch([...io.out, ...io.err].join(), /glpat-/);
  });

  it('connect asks again, with the reason, after an answer that cannot be one', async () => {
    const io = terminal();
    const someone = person([
      'gitlab',
      gitlab.url,
      '',
      '301',
      'ftp://x',
      'https://status.example.test',
      'a b',
      'glpat',
      TOKEN,
      'no',
    ]);
    const options = { ...optionsOf(), url: undefined, project: undefined, publicUrl: undefined, tokenFile: undefined };
    assert.equal(await connect(options, io, { prompt: someone }), 1);
    assert.equal(someone.asked.length, 10);
    assert.equal(someone.asked[0], someone.asked[1]);
    assert.deepEqual(
      io.err.map((line) => line.slice(0, 25)),
      [
        'This is not an http or ht',
        'Something is needed here.',
        'This is not an http or ht',
        'The token has a space or ',
        'The access token has fewe',
        'Nothing was done.',
      ],
    );
    assert.doesNotMatch(io.err.join(), /a b/);
  });

  it('connect ends after three such answers to one question, and at once for what the command line says', async () => {
    const someone = person(['one', 'two', 'three', gitlab.url]);
    const wrong = connect({ ...optionsOf(), url: undefined }, terminal(), { prompt: someone });
    await assert.rejects(wrong, /not an http or https address: three/);
    assert.equal(someone.asked.length, 3);
    const nobody = person([gitlab.url]);
    await assert.rejects(connect({ ...optionsOf(), url: 'gitlab' }, terminal(), { prompt: nobody }), /--url is not/);
    assert.equal(nobody.asked.length, 0);
  });

  it('connect makes labels, hook and badges, and writes secrets that only their owner reads', async () => {
    const io = terminal();
    assert.equal(await command.run([...given, '--yes'], io), 0);
    assert.equal(gitlab.world.badgesOf(project).length, 1);
    const file = join(folder, 'secrets', 'lab-301.hook');
    assert.equal((await readFile(file, 'utf8')).trim(), gitlab.world.hooks[0]?.token);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const shown = [...io.out, ...io.err].join('\n');
    assert.match(shown, /token_file: .*lab-301\.token/);
    assert.doesNotMatch(shown, new RegExp(`glpat-|${gitlab.world.hooks[0]?.token}`));
  });

  it('connect done again changes nothing, not even the secret a running server knows', async () => {
    await command.run([...given, '--yes'], terminal());
    const secret = gitlab.world.hooks[0]?.token;
    const io = terminal();
    assert.equal(await command.run([...given, '--yes'], io), 0);
    assert.match(io.out.join('\n'), /the secret we have/);
    assert.deepEqual(
      gitlab.world.hooks.map(({ token }) => token),
      [secret],
    );
  });

  it('connect keeps the secrets of projects apart, though they are in one GitLab', async () => {
    await command.run([...given, '--yes'], terminal());
    const secret = gitlab.world.hooks[0]?.token;
    gitlab.world.addProject({ path: 'lab/other', id: 302 });
    await connect({ ...optionsOf(), project: '302', yes: true }, terminal(), { prompt: null });
    const [first, second] = gitlab.world.hooks.map(({ token }) => token);
    assert.equal(first, secret);
    assert.notEqual(second, secret);
    assert.equal((await readFile(join(folder, 'secrets', 'lab-301.hook'), 'utf8')).trim(), secret);
  });

  it('plan says what would change, by the section that connect printed', async () => {
    const io = terminal();
    await command.run([...given, '--yes'], io);
    const section =
      io.out
        .slice(io.out.findIndex((line) => line.startsWith('facility:')))
        .join('\n')
        .split('\nThen press')[0] ?? '';
    const config = join(folder, 'signalbox.yaml');
    const database = `database:\n  url: sqlite:${join(folder, 'data.sqlite')}\ndata:\n  folder: ${folder}\nhttp:\n  public_url: https://status.example.test\n`;
    await writeFile(config, `${database}${section}\n`);
    const same = terminal();
    assert.equal(await command.run(['plan', '--config', config], same), 0);
    assert.match(same.out.join('\n'), /Cryo A +RUNNING\n {2}badges: nothing to change/);
    gitlab.world.addLabel(project, { title: 'D:Laser 2' });
    const other = terminal();
    assert.equal(await command.run(['plan', 'lab/301', '--config', config, '--json'], other), 1);
    assert.match(other.out.join(), /signalbox:lab:laser-2/);
    await assert.rejects(command.run(['plan', 'lab/999', '--config', config], terminal()), { code: 'not_found' });
  });

  it('connect goes by the configuration: its name of the GitLab, its rules, its secret', async () => {
    const config = join(folder, 'configured.yaml');
    const settings = {
      data: { folder: join(folder, 'nowhere') },
      facility: {
        integrations: [{ id: 'our-lab', url: `${gitlab.url}/`, token: TOKEN, hook_token: 'a-secret-of-the-server' }],
        projects: [{ integration: 'our-lab', project: 'lab/scoped', scope: 'device' }],
      },
    };
    await writeFile(config, JSON.stringify(settings));
    const scoped = gitlab.world.addProject({ path: 'lab/scoped', id: 303 });
    const io = terminal();
    const named = given.flatMap((word) => (word === 'lab/desk' ? ['lab/scoped'] : [word]));
    named.splice(named.indexOf('--integration'), 2);
    assert.equal(await command.run([...named, '--config', config, '--yes'], io), 0);
    assert.ok(io.out.includes('create label device::Cryo A'));
    const hook = gitlab.world.hooks.find(({ project: of }) => of === scoped);
    assert.match(hook?.url ?? '', /\/hooks\/gitlab\/our-lab$/);
    assert.equal(hook?.token, 'a-secret-of-the-server');
    assert.match(io.out.join('\n'), /our-lab\/lab\/scoped is configured/);
    assert.deepEqual(
      gitlab.world.badgesOf(scoped).map(({ name }) => name),
      ['signalbox:our-lab:cryo-a'],
    );
    await assert.rejects(stat(join(folder, 'nowhere')), { code: 'ENOENT' }, 'it makes no database');
  });

  it('connect beside a running server keeps its badges, and the names it gave', async () => {
    const lab = gitlab.world.addProject({ path: 'lab/running', id: 304 });
    const label = gitlab.world.addLabel(lab, { title: 'D:Cryo A' });
    const facility = {
      integrations: [{ id: 'lab', url: gitlab.url, token: TOKEN }],
      projects: [{ integration: 'lab', project: 304 }],
    };
    await using box = await startApp({ folder: join(folder, 'running'), values: { facility } });
    await until('the badge is there', () => gitlab.world.badgesOf(lab).length === 1);
    const config = join(folder, 'running.yaml');
    const http = { public_url: box.url };
    await writeFile(config, JSON.stringify({ data: { folder: box.folder }, http, facility }));
    label.title = 'D:Cryo B';
    const badgesOf = async (project: string, device: string): Promise<string[]> => {
      const io = terminal();
      const replaced: Record<string, string> = { 'lab/desk': project, 'Cryo A': device };
      const named = given.map((word) => replaced[word] ?? word);
      assert.equal(await command.run([...named, '--config', config, '--dry-run'], io), 0);
      return io.out.filter((line) => line.includes(' badge '));
    };
    const [{ id } = { id: 0 }] = gitlab.world.badgesOf(lab);
    // It stays what it is and leads to the issues of the renamed label.
    assert.deepEqual(await badgesOf('lab/running', 'Cryo B'), [`change badge ${id} to signalbox:lab:cryo-a`]);
    gitlab.world.addProject({ path: 'lab/second', id: 305 });
    assert.deepEqual(await badgesOf('lab/second', 'Cryo A'), [
      'create badge signalbox:lab:cryo-a-<number of its label>',
    ]);
  });

  it('connect leaves badges to the server when the configuration cannot tell', async () => {
    const config = join(folder, 'broken.yaml');
    await writeFile(config, 'facility:\n  projects: []\n  integrations: 7\n');
    const io = terminal();
    assert.equal(await command.run([...given, '--config', config, '--device', 'Maldi', '--dry-run'], io), 0);
    assert.match(io.out.join('\n'), /Attention: badges are left to the server\. [^]*integrations/);
    assert.ok(io.out.includes('create label D:Maldi'));
    assert.ok(!io.out.some((line) => line.startsWith('create badge')));
  });

  it('says how it is used', async () => {
    const io = terminal();
    assert.equal(await command.run([], io), 2);
    assert.match(io.err.join(), /Usage: signalbox facility connect/);
    assert.equal(await command.run(['--help'], io), 0);
  });

  it('refuses an address that is none, and a token with a line break', async () => {
    await assert.rejects(connect({ ...optionsOf(), url: 'gitlab' }, terminal(), { prompt: null }), /--url is not/);
    await writeFile(join(folder, 'two'), 'one\ntwo\n');
    await assert.rejects(
      connect({ ...optionsOf(), tokenFile: join(folder, 'two') }, terminal(), { prompt: null }),
      /line break/,
    );
    for (const [token, problem] of [
      ['glpat', /The access token has fewer than 8 characters\..*Make one in GitLab/],
      ['changeme-please', /The access token is a default that everybody knows\..*Make one in GitLab/],
    ] as const) {
      await writeFile(join(folder, 'bad'), token);
      const answer = connect({ ...optionsOf(), tokenFile: join(folder, 'bad') }, terminal(), { prompt: null });
      await assert.rejects(answer, (error: Error) => problem.test(error.message) && !error.message.includes(token));
    }
    await assert.rejects(
      connect({ ...optionsOf(), tokenFile: join(folder, 'none') }, terminal(), { prompt: null }),
      /cannot be read/,
    );
  });

  function optionsOf(): ConnectOptions {
    return {
      url: gitlab.url,
      project: '301',
      tokenFile: join(folder, 'token'),
      integration: 'lab',
      publicUrl: 'https://status.example.test',
      devices: [],
      folder: join(folder, 'secrets'),
      badges: true,
      dryRun: false,
      yes: false,
    };
  }

  describe('and signalbox import facility', () => {
    it('print the section for the configuration and what is left to do', async () => {
      const file = join(folder, 'badger.toml');
      await writeFile(
        file,
        '[repo]\nproject_url = "https://gl.test/lab/desk/"\nproject_api_url = "https://gl.test/api/v4/projects/301/"\n',
      );
      const io = terminal();
      assert.equal(await importCommand.run(['facility', file], io), 0);
      assert.match(io.out.join('\n'), /url: https:\/\/gl\.test\n[^]*project: 301/);
      assert.match(io.err.join('\n'), /revoke the token/);
      assert.equal(await importCommand.run(['facility'], io), 2);
      await assert.rejects(importCommand.run(['facility', join(folder, 'none')], io), { code: 'invalid' });
    });
  });
});
