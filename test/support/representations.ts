import { fill, type Route } from './routes.ts';

/** What addresses are made of. */
export interface Subjects {
  keys: readonly string[];
  incidents: readonly number[];
  regions: readonly string[];
  categories: readonly string[];
}

/** Shows nothing that anybody wrote, or opens to administrators alone; asked all the same. */
const PLAIN = Symbol('plain');
type Addresses = (of: Subjects, path: string) => string[];

const FORMATS = ['rss', 'atom', 'json', 'ics'] as const;

const once: Addresses = (_of, path) => [path];
const asked =
  (...queries: string[]): Addresses =>
  (_of, path) =>
    ['', ...queries].map((query) => path + query);
const perComponent =
  (...queries: string[]): Addresses =>
  ({ keys }, path) =>
    keys.flatMap((key) => {
      const [area = '', name = ''] = key.split('/');
      return ['', ...queries].map((query) => fill(path, { area, name }) + query);
    });
const perIncident: Addresses = ({ incidents }, path) => incidents.map((id) => fill(path, { id: String(id) }));
const feeds = (names: readonly string[], path: string) =>
  names.flatMap((name) => FORMATS.map((format) => fill(path, { file: `${encodeURIComponent(name)}.${format}` })));

/**
 * Every form in which the program shows something, by its route. A route that is not here fails the matrix: whoever adds
 * one says here which addresses it has.
 */
const REPRESENTATIONS: Readonly<Record<string, Addresses | typeof PLAIN>> = {
  '/': asked('?q=name', '?level=major_outage', '?region=Openregion', '?region=SHUTREGION', '?category=SHUTCATEGORY'),
  '/components/:area/:name': perComponent('?view=history', '?format=csv'),
  '/badges/:area/:file': ({ keys }, path) =>
    keys.flatMap((key) => {
      const [area = '', name = ''] = key.split('/');
      return ['.svg', '.json'].map((ending) => fill(path, { area, file: name + ending }));
    }),
  '/badges/:area/:name/uptime-30d.svg': perComponent(),
  '/incidents/:id': perIncident,
  '/subscribe': asked('?component=status-page/shut-svc', '?region=SHUTREGION'),
  '/subscribe/asked': once,
  '/incidents/new': asked('?type=maintenance', '?type=info', '?component=status-page/shut-svc'),
  '/incidents/:id/update': perIncident,
  '/incidents/:id/components': perIncident,
  '/incidents/:id/back-date': perIncident,
  '/incidents/:id/cancel': perIncident,
  '/incidents/:id/merge': perIncident,
  '/incidents/:id/move': perIncident,
  '/incidents/:id/postmortem': perIncident,
  '/incidents/:id/review': perIncident,
  '/incidents/:id/updates/:update/edit': ({ incidents }, path) =>
    incidents.map((id) => fill(path, { id: String(id), update: '1' })),
  '/reviews': once,
  '/maintenances/series': once,
  '/maintenances/series/new': once,
  '/maintenances/series/:series': PLAIN,
  '/history': asked('?type=maintenance', '?status=cancelled', '?region=SHUTREGION', '?size=50', '?page=2', '?impact=0'),
  '/maintenances': once,
  '/availability': asked('?format=csv', '?region=SHUTREGION', '?region=Openregion'),
  '/facility': once,
  '/feeds/:file': (_of, path) => feeds(['all'], path),
  '/feeds/region/:file': ({ regions }, path) => feeds(regions, path),
  '/feeds/category/:file': ({ categories }, path) => feeds(categories, path),
  '/feeds/component/:area/:file': ({ keys }, path) =>
    keys.flatMap((key) => {
      const [area = '', name = ''] = key.split('/');
      return FORMATS.map((format) => fill(path, { area, file: `${name}.${format}` }));
    }),
  '/rss/': asked('?mt=Openregion', '?mt=SHUTREGION', '?mt=Openregion&srv=OPENNAME', '?mt=SHUTREGION&srv=SHUTNAME'),
  '/api/components': asked('?area=status-page', '?limit=1', '?q=SHUTNAME'),
  '/api/components/:area/:name': perComponent(),
  '/api/components/:area/:name/history': perComponent('?format=csv'),
  '/api/incidents': asked(
    ...['?state=open', '?state=closed', '?type=maintenance', '?status=pending_review', '?status=reviewed'],
    ...['?status=cancelled', '?region=SHUTREGION', '?service=SHUTNAME', '?service=status-page/shut-svc', '?limit=10'],
  ),
  '/api/incidents/:id': perIncident,
  '/api/v1/component_status': asked(
    '?name=SHUTNAME',
    '?name=SHUTNAME&attribute_name=region&attribute_value=SHUTREGION',
  ),
  '/api/v1/incidents': asked('?impact=0', '?status=cancelled', '?region=SHUTREGION', '?service=SHUTNAME', '?limit=5'),
  '/api/v2/status.json': once,
  '/api/v2/components.json': once,
  '/api/v2/summary.json': once,
  '/api/v2/incidents.json': once,
  '/api/v2/incidents/unresolved.json': once,
  '/api/v2/scheduled-maintenances.json': once,
  '/api/v2/scheduled-maintenances/upcoming.json': once,
  '/api/v2/scheduled-maintenances/active.json': once,
  '/metrics': once,
  '/api/openapi.json': once,
  '/api/docs': once,
  '/livez': once,
  '/readyz': once,
  '/design': PLAIN,
  '/index': PLAIN,
  '/api/facility/devices': PLAIN,
  '/facility/plan': PLAIN,
  '/update': PLAIN,
  '/update/*': PLAIN,
  '/login': PLAIN,
  '/login/:provider': PLAIN,
  '/auth/:provider': PLAIN,
  '/forgot': PLAIN,
  '/reset/:token': PLAIN,
  '/account': PLAIN,
  '/admin': PLAIN,
  '/admin/users': PLAIN,
  '/admin/users/:id': PLAIN,
  '/admin/tokens': PLAIN,
  '/admin/audit': PLAIN,
  '/admin/system': PLAIN,
  '/admin/catalog': PLAIN,
  '/admin/catalog/export': PLAIN,
  '/admin/catalog/new': PLAIN,
  '/admin/catalog/edit/:name': PLAIN,
  '/admin/catalog/file': PLAIN,
  '/admin/subscriptions': PLAIN,
  '/admin/templates': PLAIN,
  '/subscriptions/confirm/:token': PLAIN,
  '/subscriptions/:token': PLAIN,
  '/unsubscribe/:token': PLAIN,
};

/** Read by the matrix as a stream, or the same file for everybody. */
const OTHERWISE = /^\/(api\/stream|assets\/)/;

export interface Representation {
  /** The route. */
  route: string;
  address: string;
}

/** Routes that the matrix does not know, and those that it knows and nobody serves. */
export function strangers(routes: readonly Route[]): string[] {
  const served = new Set(routes.filter(({ method }) => method === 'GET').map(({ path }) => path));
  const unknown = [...served].filter((path) => !Object.hasOwn(REPRESENTATIONS, path) && !OTHERWISE.test(path));
  const gone = Object.keys(REPRESENTATIONS).filter((path) => !served.has(path));
  return [...unknown.map((path) => `${path} has no row`), ...gone.map((path) => `${path} is not served`)];
}

export function representationsOf(of: Subjects): Representation[] {
  return Object.entries(REPRESENTATIONS).flatMap(([route, row]) =>
    (row === PLAIN ? [fill(route, {})] : row(of, route)).map((address) => ({ route, address })),
  );
}
