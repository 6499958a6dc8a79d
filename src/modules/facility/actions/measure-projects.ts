import { type Instant, SECOND, toMs } from '../../../core/index.ts';
import { hookProblem } from '../domain/hook-problem.ts';
import { type ProjectView, projectViews } from '../store/facility-read.ts';
import { endOf } from './check-health.ts';
import { allSettings, type FacilityContext } from './facility-context.ts';
import type { IntegrationMeasure, ProjectMeasures } from './facility-metrics.ts';

/** What the metrics tell of the configured projects. Everybody may read them: only public projects are named. */
export async function measureProjects(
  context: Pick<FacilityContext, 'config' | 'site' | 'db' | 'clock'>,
): Promise<ProjectMeasures> {
  const now = context.clock.now();
  const all = allSettings(context);
  const settings = new Map(all.map((one) => [one.id, one]));
  const projects = (await projectViews(context.db)).flatMap((view) => {
    const found = settings.get(view.id);
    return found === undefined ? [] : [{ view, settings: found }];
  });
  const ages = new Map<string, number>();
  for (const { view, settings: own } of projects) {
    const visibility = own.visibility ?? (view.visibility === 'public' ? 'public' : 'members');
    if (visibility === 'public' && view.succeededAt !== null) ages.set(view.id, since(view.succeededAt, now));
  }
  const views = Map.groupBy(projects, (project) => project.settings.integration);
  return {
    ages,
    stale: projects.filter(({ view }) => view.staleSince !== null).length,
    // Of one that could never be read the age counts from the first attempt.
    oldest: Math.max(0, ...projects.map(({ view }) => ageOf(view, now))),
    integrations: new Map(
      [...views].map(([id, ones]) => [
        id,
        measureIntegration(
          ones.map(({ view }) => view),
          now,
        ),
      ]),
    ),
  };
}

function ageOf({ succeededAt, staleSince }: ProjectView, now: Instant): number {
  const from = succeededAt ?? staleSince;
  return from === null ? 0 : since(from, now);
}

/** The worst of its projects; one that was not looked at yet says nothing. */
function measureIntegration(views: readonly ProjectView[], now: Instant): IntegrationMeasure {
  const seen = views.filter(({ health }) => health !== null);
  const ends = seen.flatMap(({ health }) => health?.token.expiresAt ?? []).map(endOf);
  const hookWorks = ({ health, healthAt, lastEventAt }: ProjectView): boolean =>
    hookProblem({ problem: health?.hook.problem ?? null, lookedAt: healthAt, lastEventAt }) === null;
  return {
    tokenExpires: ends.length === 0 ? null : (Math.min(...ends) - toMs(now)) / SECOND,
    tokenHealthy: seen.length === 0 ? null : seen.every(({ health }) => health?.token.problem === null),
    hookHealthy: seen.length === 0 ? null : seen.every(hookWorks),
  };
}

function since(then: Instant, now: Instant): number {
  return (toMs(now) - toMs(then)) / SECOND;
}
