import type { Instant } from '../../../core/index.ts';
import { wasToldThere, withRowsOfTheClock } from '../domain/import-clock.ts';
import type { ForeignFact, ForeignUpdate } from '../domain/import-model.ts';
import { type LinkTarget, markdownOf } from '../domain/import-text.ts';
import type { UpdateFact } from '../domain/incident.ts';
import type { WholeIncident } from '../store/import-store.ts';
import type { ImportPlan, IncidentStep } from './import-plan.ts';

/** Who wrote what the predecessor does not name an author of. */
const AUTHOR = 'import';

/** An incident of the predecessor in our words and numbers. */
export function wholeIncident(
  { foreign, number, version }: IncidentStep,
  plan: ImportPlan,
  now: Instant,
): WholeIncident {
  const { id: _theirs, members, updates: _told, impacts, description, createdBy, ...facts } = foreign;
  const { status, updates } = withRowsOfTheClock(foreign, now);
  const link = linkTarget(plan);
  const said = description === null ? '' : markdownOf(description, link);
  return {
    incident: {
      ...facts,
      id: number,
      status,
      description: said === '' ? null : said,
      version,
      modifiedAt: now,
      createdBy: createdBy ?? AUTHOR,
      createdById: null,
      postmortem: null,
      postmortemAt: null,
      series: null,
      mergedInto: null,
      told: wasToldThere({ type: facts.type, status, updates }),
    },
    members: distinct(
      members.flatMap(({ component, from, to, movedTo }) => {
        const key = plan.keys.get(component);
        const moved = movedTo === null ? null : (plan.numbers.get(movedTo) ?? null);
        return key === undefined ? [] : [{ component: key, from, to, movedTo: moved }];
      }),
    ),
    updates: updates.map((update) => wordsOf(update, { plan, link, now })),
    impacts,
  };
}

/** Two components there may have become one here. */
function distinct<M extends { component: string; from: Instant }>(members: readonly M[]): M[] {
  return [
    ...new Map(members.toReversed().map((member) => [`${member.component} ${member.from}`, member])).values(),
  ].reverse();
}

function wordsOf(
  { at, status, system, text, fact, createdBy }: ForeignUpdate,
  { plan, link, now }: { plan: ImportPlan; link: LinkTarget; now: Instant },
) {
  const ours = fact === null ? null : factHere(fact, plan);
  const common = { at, status, system, createdAt: at < now ? at : now, createdBy: createdBy ?? AUTHOR };
  return { ...common, text: ours === null ? markdownOf(text, link) : null, fact: ours };
}

function factHere(fact: ForeignFact, { keys, numbers }: ImportPlan): UpdateFact | null {
  if (!('component' in fact)) return fact;
  const component = keys.get(fact.component);
  if (component === undefined) return null;
  if (fact.kind === 'component_added') return { kind: fact.kind, component };
  const incident = numbers.get(fact.incident);
  return incident === undefined ? null : { kind: fact.kind, component, incident };
}

/** Links to the web stay, those to incidents lead to ours, whatever else is no link. */
function linkTarget({ numbers }: ImportPlan): LinkTarget {
  return (href) => {
    const address = href.trim();
    const [, id = ''] = /^\/incidents\/(\d{1,15})\/?$/.exec(address) ?? [];
    if (id !== '') {
      const number = numbers.get(Number(id));
      return number === undefined ? null : `/incidents/${number}`;
    }
    return /^https?:\/\/[^\s()<>\\"]+$/i.test(address) && URL.canParse(address) ? address : null;
  };
}
