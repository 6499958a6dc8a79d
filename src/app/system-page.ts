import { AppError, type Clock, type Instant } from '../core/index.ts';
import { emitAudit } from '../platform/audit/index.ts';
import { adminPage } from '../platform/auth/index.ts';
import type { SiteConfig } from '../platform/config/index.ts';
import type { Database } from '../platform/database/index.ts';
import { button, card, clip, form, lamp, localeOf, table, time } from '../platform/design/index.ts';
import { type Html, html } from '../platform/html/index.ts';
import type { Page, Visit, Web } from '../platform/http/index.ts';
import type { JobState, Jobs } from '../platform/jobs/index.ts';
import type { DeadLetter, Journal } from '../platform/journal/index.ts';
import type { NavigationEntry } from '../platform/module/index.ts';
import { appMessages } from './messages.ts';
import { VERSION } from './version.ts';

interface Parts {
  web: Web;
  db: Database;
  journal: Journal;
  jobs: Jobs;
  site: () => SiteConfig;
  clock: Clock;
  adminTabs: readonly NavigationEntry[];
}

/** `/admin/system`: what runs by itself and what could not be handled, with the buttons to help it along. */
export function registerSystemPage(parts: Parts): void {
  const { web, db, journal, jobs, clock } = parts;
  web.page('/admin/system', { role: 'admin' }, (visit) => systemPage(parts, visit));

  web.form('/admin/system/run', { role: 'admin' }, async (visit, body) => {
    const name = String(body['job'] ?? '');
    if (!(await jobs.list()).some((job) => job.name === name)) {
      throw new AppError('not_found', 'There is no such scheduled work.');
    }
    await db.write((tx) =>
      emitAudit(tx, {
        at: clock.now(),
        actor: visit.actor,
        action: 'system.job_triggered',
        subject: name,
        details: {},
      }),
    );
    jobs.trigger(name);
    return { redirect: '/admin/system', notice: appMessages(visit.language).runAsked(name) };
  });

  web.form('/admin/system/retry', { role: 'admin' }, async (visit, body) => {
    const id = String(body['id'] ?? '');
    await db.write(async (tx) => {
      await journal.retryDeadLetter(tx, id);
      await emitAudit(tx, {
        at: clock.now(),
        actor: visit.actor,
        action: 'system.event_retried',
        subject: id,
        details: {},
      });
    });
    return { redirect: '/admin/system', notice: appMessages(visit.language).retried };
  });
}

async function systemPage({ db, journal, jobs, site, clock, adminTabs }: Parts, visit: Visit): Promise<Page> {
  const words = appMessages(visit.language);
  const [states, letters] = [await jobs.list(), await journal.deadLetters(db)];
  const show = (instant: Instant | null) =>
    instant === null ? html`${words.never}` : time(instant, localeOf(visit, site(), clock.now()));
  const content = html`${deadLetterCard(letters, visit, show)}${jobsCard(states, visit, show)}<p class="soft">${words.version(VERSION, db.engine)}</p>`;
  return adminPage(visit, '/admin/system', content, { tabs: adminTabs });
}

type Show = (instant: Instant | null) => Html;

function jobsCard(states: readonly JobState[], visit: Visit, show: Show): Html {
  const words = appMessages(visit.language);
  const result = (job: JobState) => {
    if (job.error !== null) return html`<span class="error">${clip(job.error, 200)}</span>`;
    if (job.startedAt !== null && job.finishedAt === null) return words.running;
    return job.finishedAt === null ? '' : words.fine;
  };
  const runButton = (job: JobState) =>
    form({
      action: visit.link('/admin/system/run'),
      csrf: visit.csrf,
      body: html`<input type="hidden" name="job" value="${job.name}">${button(words.runNow, { kind: 'plain', small: true })}`,
    });
  return card({
    title: words.jobs,
    flush: true,
    body: table({
      caption: words.jobs,
      rows: states,
      columns: [
        { title: words.job, cell: (job) => html`<code>${job.name}</code>` },
        { title: words.lastRun, cell: (job) => show(job.startedAt) },
        { title: words.next, cell: (job) => show(job.nextAt) },
        { title: words.result, cell: result },
        { title: words.action, cell: runButton },
      ],
    }),
  });
}

function deadLetterCard(letters: readonly DeadLetter[], visit: Visit, show: Show): Html {
  const words = appMessages(visit.language);
  if (letters.length === 0) {
    return card({
      title: words.deadLetters,
      body: html`<p>${lamp('operational')} ${words.noDeadLetters}</p>`,
    });
  }
  const retry = (letter: DeadLetter) =>
    form({
      action: visit.link('/admin/system/retry'),
      csrf: visit.csrf,
      body: html`<input type="hidden" name="id" value="${letter.id}">${button(words.retry, { kind: 'plain', small: true })}`,
    });
  return card({
    title: words.deadLetters,
    flush: true,
    body: html`<p class="body">${words.deadLettersText}</p>${table({
      caption: words.deadLetters,
      rows: letters,
      columns: [
        { title: words.event, cell: (letter) => html`<code>${letter.event.type}</code> ${clip(letter.event.key)}` },
        { title: words.consumer, cell: (letter) => html`<code>${letter.consumer}</code>` },
        { title: words.reason, cell: (letter) => clip(letter.reason, 300) },
        { title: words.when, cell: (letter) => show(letter.diedAt) },
        { title: words.action, cell: retry },
      ],
    })}`,
  });
}
