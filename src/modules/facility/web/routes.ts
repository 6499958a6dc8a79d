import * as z from 'zod';
import { AppError, hasRole, LEVELS, type Period, SECOND } from '../../../core/index.ts';
import type { RowView } from '../../../platform/design/index.ts';
import { type Answer, csvAnswer, type Page, type RawRequest, type Visit } from '../../../platform/http/index.ts';
import type { ModuleContext } from '../../../platform/module/index.ts';
import { acceptDelivery, admitDelivery } from '../actions/accept-delivery.ts';
import { allSettings, type FacilityContext, findSettings } from '../actions/facility-context.ts';
import { planConfigured } from '../actions/plan-configured.ts';
import { requestReconcile } from '../actions/request-reconcile.ts';
import { testHook } from '../actions/test-hook.ts';
import { summaryOf } from '../domain/device-signal.ts';
import { withUnwatched } from '../domain/unwatched.ts';
import { stateChanges } from '../store/facility-read.ts';
import { facilityPage } from './facility-page.ts';
import { type Board, boardOf, isConfidential, issueOf, labWord, plannedEndOf } from './facility-view.ts';
import { facilityMessages } from './messages.ts';
import { type OperatedProject, operatorsFragment } from './operators-fragment.ts';
import { planPage } from './plan-page.ts';
import { type RepairTimes, repairTimes } from './repair-times.ts';

/** GitLab sends at most 25 MB. */
const HOOK_BODY = 25 * 1024 * 1024;
const MOST_CHANGES = 10_000;

type GivenParts = FacilityContext & Pick<ModuleContext, 'web' | 'components'>;
type WebParts = GivenParts & { repairs: RepairTimes };

export function registerRoutes(given: GivenParts): void {
  const parts = { ...given, repairs: repairTimes(given.components, given.clock) };
  registerHooks(parts);
  registerApi(parts);
  const { web } = parts;
  web.page('/facility', { cached: { query: ['project', 'format', 'view'] } }, (visit) => showFacility(parts, visit));
  web.page('/facility/plan', { role: 'operator' }, async (visit) => {
    const plan = await planConfigured(parts, visit.actor, visit.query.get('project') ?? '');
    return planPage(plan, viewOf(parts, visit));
  });
  web.form('/facility/reconcile', { role: 'operator' }, async (visit, body) => {
    const { project } = body;
    await requestReconcile(parts, visit.actor, typeof project === 'string' ? project : '');
    return { redirect: '/facility', notice: facilityMessages(visit.language).requested };
  });
  web.form('/facility/test-hook', { role: 'operator' }, async (visit, body) => {
    const { project } = body;
    const problem = await testHook(parts, visit.actor, typeof project === 'string' ? project : '');
    const words = facilityMessages(visit.language);
    return { redirect: '/facility', notice: problem === null ? words.hookWorks : words.hookFails(problem) };
  });
}

function registerHooks(parts: WebParts): void {
  const headOf = ({ params, headers, ip }: Omit<RawRequest, 'body'>) => ({
    integration: params['integration'] ?? '',
    headers,
    ip,
  });
  const admit = (request: Omit<RawRequest, 'body'>): void => admitDelivery(parts, headOf(request));
  parts.web.hook('/hooks/gitlab/:integration', { bodyLimit: HOOK_BODY, admit }, async (request) => {
    await acceptDelivery(parts, { ...headOf(request), body: request.body });
    return { status: 204, type: 'text/plain', body: '', etag: false };
  });
  // The original's address, with a GitLab token in its path: whoever still calls it is told how to move.
  parts.web.gone(
    '/update/*',
    'This address of facility-autobadge is gone. Run "signalbox import facility badger.toml", or point the webhook to /hooks/gitlab/<integration> with a secret token, and revoke the access token that stood in the old address.',
  );
}

function viewOf(parts: WebParts, visit: Visit): RowView {
  const { timezone } = parts.site();
  return { language: visit.language, timezone, now: parts.clock.now(), link: (path) => visit.link(path) };
}

async function showFacility(parts: WebParts, visit: Visit): Promise<Page | Answer> {
  const isOperator = hasRole(visit.actor, 'operator');
  const project = visit.query.get('project');
  const board = await boardOf(parts, visit.actor, { project, allProjects: isOperator });
  if (project !== null && board.selected === null) throw new AppError('not_found', 'There is no such project.');
  const view = viewOf(parts, visit);
  if (visit.query.get('format') === 'csv') {
    return visit.query.get('view') === 'changes' ? changesCsv(parts, visit, board) : devicesCsv(board, view);
  }
  const operators = isOperator ? operatorsFragment(operatedProjects(parts, board), view, visit.csrf) : null;
  return facilityPage({ board, view, unconfigured: allSettings(parts).length === 0, operators });
}

function operatedProjects(parts: WebParts, board: Board): OperatedProject[] {
  const shown = board.selected === null ? board.projects : [board.selected];
  return shown.map((view) => {
    const settings = findSettings(parts, view.id);
    const isPublic = (settings?.visibility ?? (view.visibility === 'public' ? 'public' : 'members')) === 'public';
    const hiddenBadges = settings?.badges !== 'off' && !isPublic && settings?.publicBadges === false;
    return { view, title: settings?.title ?? view.title ?? view.id, hiddenBadges };
  });
}

function devicesCsv(board: Board, view: RowView): Answer {
  const head = [
    'key',
    'device',
    'group',
    'state',
    'level',
    'since',
    'issue',
    'issue_url',
    'last_activity',
    'planned_end',
    'availability_90d',
    'coverage_90d',
    'mttr_seconds_90d',
  ];
  const rows = board.devices.map((entry) => {
    const { row, device } = entry;
    const hidden = isConfidential(entry);
    const issue = hidden ? null : issueOf(entry);
    return [
      row.key,
      row.name,
      row.group,
      labWord(row, view),
      row.status.level,
      row.since,
      issue === null ? null : summaryOf(issue),
      issue?.url ?? null,
      issue === null ? null : device.updatedAt,
      plannedEndOf(entry),
      row.uptime90.availability,
      row.uptime90.coverage,
      entry.repair === null ? null : Math.round(entry.repair / SECOND),
    ];
  });
  return csvAnswer('facility.csv', [head, ...rows]);
}

async function changesCsv(parts: WebParts, visit: Visit, board: Board): Promise<Answer> {
  const keys = board.devices.map(({ row }) => row.key);
  const changes = await stateChanges(parts.db, keys, MOST_CHANGES);
  const from = changes.at(-1)?.at;
  const until = parts.clock.now();
  const periods =
    from === undefined || from >= until
      ? new Map<string, Period[]>()
      : await parts.components.periodsOf(visit.actor, keys, { from, until });
  const head = ['at', 'key', 'from', 'to', 'level', 'issue', 'issue_url'];
  const rows = withUnwatched(changes, periods).map((change) => [
    change.at,
    change.device,
    change.from,
    change.to,
    change.level,
    change.iid === null ? null : `#${change.iid}`,
    change.url,
  ]);
  return csvAnswer('facility-changes.csv', [head, ...rows]);
}

const DeviceAnswer = z.object({
  key: z.string(),
  name: z.string(),
  group: z.string(),
  state: z.string(),
  level: z.enum(LEVELS),
  since: z.string(),
  observedAt: z.string().nullable().describe('Time of the newest evidence.'),
  confidential: z.boolean().describe('A confidential report decides; nothing else of it is told.'),
  issue: z.object({ summary: z.string(), url: z.string().nullable() }).nullable(),
  lastActivity: z.string().nullable(),
  plannedEnd: z.string().nullable().describe('Due date of the deciding issue, YYYY-MM-DD.'),
  meanTimeToRepair: z.number().nullable().describe('Seconds until a DOWN was over, on average over 90 days.'),
  link: z.string().nullable(),
});

function registerApi(parts: WebParts): void {
  parts.web.api(
    {
      method: 'GET',
      path: '/api/facility/devices',
      operationId: 'listFacilityDevices',
      summary: 'The devices with their states and deciding issues',
      tag: 'Facility',
      query: z.object({
        project: z.string().max(600).optional().describe('Only one project: <integration>/<project>.'),
      }),
      answer: z.object({ devices: z.array(DeviceAnswer) }),
    },
    async (request) => {
      const { project = null } = request.input.query;
      const board = await boardOf(parts, request.actor, { project, allProjects: hasRole(request.actor, 'operator') });
      if (project !== null && board.selected === null) throw new AppError('not_found', 'There is no such project.');
      const view = viewOf(parts, request);
      return { devices: board.devices.map((entry) => deviceAnswer(entry, view)) };
    },
  );
}

function deviceAnswer(entry: Board['devices'][number], view: RowView): z.input<typeof DeviceAnswer> {
  const { row, device } = entry;
  const confidential = isConfidential(entry);
  const issue = confidential ? null : issueOf(entry);
  return {
    key: row.key,
    name: row.name,
    group: row.group,
    state: labWord(row, { ...view, language: 'en' }),
    level: row.status.level,
    since: row.since,
    observedAt: confidential ? null : row.evidenceAt,
    confidential,
    issue: issue === null ? null : { summary: summaryOf(issue), url: issue.url },
    lastActivity: issue === null ? null : device.updatedAt,
    plannedEnd: plannedEndOf(entry),
    meanTimeToRepair: entry.repair === null ? null : Math.round(entry.repair / SECOND),
    link: row.link,
  };
}
