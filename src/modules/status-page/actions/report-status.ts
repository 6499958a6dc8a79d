import {
  type Actor,
  AppError,
  addMs,
  type ComponentKey,
  requireReporter,
  type Visibility,
} from '../../../core/index.ts';
import { decideReport } from '../domain/decide-report.ts';
import { holdersOf, lastReport } from '../store/report-store.ts';
import type { ReportOutcome, StatusReport } from './report-board.ts';
import type { ReportIntake } from './report-intake.ts';
import type { StatusPageContext } from './status-page-context.ts';

export interface ReportingContext extends StatusPageContext {
  intake: ReportIntake;
}

const LONGEST_TITLE = 200;

export interface ReportRequest {
  /** Of the catalogue, as the caller has found them. */
  components: readonly { key: ComponentKey; visibility: Visibility }[];
  impact: number;
  /** Title of an incident that it opens; absent: that of the configuration. */
  title?: string | undefined;
}

/**
 * A machine, or a reporter, says that components are in trouble. They are taken one by one, each in view of what the one
 * before led to; resolves, in their order, to the incident or maintenance that each is in now.
 */
export async function reportStatus(
  context: ReportingContext,
  actor: Actor,
  { components, impact, title }: ReportRequest,
): Promise<readonly ReportOutcome[]> {
  requireReporter(actor);
  if (impact !== 1 && impact !== 2 && impact !== 3) {
    context.metrics.report('refused');
    throw new AppError('invalid', 'A report of trouble has the impact 1, 2 or 3; people announce maintenances.');
  }
  const summary = lineOf(title);
  const reports = components.map(({ key, visibility }): StatusReport => {
    const own = visibility === 'public' ? summary : null;
    const words = own ?? context.config().incident_title;
    return { component: key, impact, title: words, summary, actor, asSignal: true };
  });
  const [first] = reports;
  if (first !== undefined && reports.length === 1) {
    const known = await knownOutcome(context, first);
    if (known !== null) return [known];
  }
  return await context.intake.apply(reports);
}

/** One line with something to see in it; null: it says nothing. */
export function lineOf(text: string | undefined): string | null {
  const line = (text ?? '')
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return /[^\p{C}\p{Z}]/u.test(line) ? [...line].slice(0, LONGEST_TITLE).join('') : null;
}

/**
 * What a repetition within seconds is answered with, read without a lock. True at the moment of the reading: a report
 * that would change something, or has not been stored for a while, goes the long way and is decided there.
 */
async function knownOutcome(context: ReportingContext, report: StatusReport): Promise<ReportOutcome | null> {
  const { db, clock, config, metrics } = context;
  const now = clock.now();
  const { component, impact } = report;
  const last = await lastReport(db, component);
  // One from a time to come was stored before our clock was set back: it may be as old as that.
  const isFresh = last !== null && last.at <= now && now < addMs(last.at, config().report_repeat);
  if (!isFresh || last.impact !== impact) return null;
  const members = new Set([component]);
  const holders = await holdersOf(db, component, now);
  const decision = decideReport(component, impact, {
    openIncidents: holders.filter(({ type }) => type === 'incident').map((one) => ({ ...one, members })),
    activeMaintenances: holders.filter(({ type }) => type === 'maintenance').map((one) => ({ ...one, members })),
    now,
  });
  if (decision.kind !== 'maintenance' && decision.kind !== 'manual' && decision.kind !== 'known') return null;
  const incident = holders.find(({ id }) => id === decision.incident);
  if (incident === undefined) return null;
  metrics.report(decision.kind === 'manual' ? 'known' : decision.kind);
  return { kind: decision.kind, incident };
}
