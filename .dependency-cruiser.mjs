/**
 * Who may import whom: one rule per sentence of ARCHITECTURE.md. `script/check-boundaries.mjs` plants one offence for
 * each of them, so a rule that no longer bites is found. Tests stand beside the code and may reach further, therefore
 * the rules about what code is made of leave them out.
 */
const TESTS = String.raw`\.(test|spec)\.ts$|\.cases\.ts$|/test-support/`;

/** Anything of a part but its door. */
const behindTheDoor = (layers) => String.raw`^src/(${layers})/[^/]+/(?!index\.ts$)`;

const forbidden = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one thing or three. Type imports count.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'core-knows-nobody',
    comment: 'core is the shared words: no other folder, no node:*, no npm.',
    from: { path: '^src/core/', pathNot: TESTS },
    to: { pathNot: '^src/core/' },
  },
  {
    name: 'core-through-its-door',
    comment: 'Import core from core/index.ts.',
    from: { path: '^src/(?!core/)' },
    to: { path: String.raw`^src/core/(?!index\.ts$)` },
  },
  {
    name: 'platform-knows-only-core',
    comment: 'What every module may use cannot know a module or a connector.',
    from: { path: '^src/platform/' },
    to: { path: '^src/(connectors|modules)/' },
  },
  {
    name: 'connectors-know-no-module',
    comment: 'A client of the outside is a leaf.',
    from: { path: '^src/connectors/' },
    to: { path: '^src/modules/' },
  },
  {
    name: 'connectors-do-not-meet',
    comment: 'What two connectors share belongs to platform.',
    from: { path: '^src/connectors/([^/]+)/' },
    to: { path: '^src/connectors/', pathNot: '^src/connectors/$1/' },
  },
  {
    name: 'modules-meet-through-contract',
    comment: 'Areas do not know each other; the journal joins them, contract.ts has its words.',
    from: { path: '^src/modules/([^/]+)/' },
    to: {
      path: '^src/modules/',
      pathNot: [String.raw`^src/modules/$1/`, String.raw`^src/modules/[^/]+/contract\.ts$`],
    },
  },
  {
    name: 'contract-is-types-only',
    comment: 'A contract states words and imports core only.',
    from: { path: String.raw`^src/modules/[^/]+/contract\.ts$` },
    to: { pathNot: '^src/core/' },
  },
  {
    name: 'app-uses-the-door',
    comment: 'The composition sees index.ts of a module, a platform part or a connector.',
    from: { path: String.raw`^src/(app/|cli/|main\.ts$)`, pathNot: TESTS },
    to: { path: behindTheDoor('modules|platform|connectors') },
  },
  {
    name: 'shared-code-uses-the-door',
    comment: 'A module sees index.ts of a platform part or a connector.',
    from: { path: '^src/modules/', pathNot: TESTS },
    to: { path: behindTheDoor('platform|connectors') },
  },
  {
    name: 'platform-parts-use-doors',
    comment: 'A platform part sees index.ts of another.',
    from: { path: '^src/platform/([^/]+)/', pathNot: TESTS },
    to: { path: behindTheDoor('platform'), pathNot: '^src/platform/$1/' },
  },
  {
    name: 'connector-uses-platform-door',
    comment: 'A connector sees index.ts of a platform part.',
    from: { path: '^src/connectors/', pathNot: TESTS },
    to: { path: behindTheDoor('platform') },
  },
  {
    name: 'nobody-imports-app',
    comment: 'The composition root is a leaf from above.',
    from: { path: '^src/(platform|connectors|modules)/', pathNot: TESTS },
    to: { path: String.raw`^src/(app/|cli/|main\.ts$)` },
  },
  {
    name: 'domain-is-pure',
    comment: 'Rules are values in, values out: core and the same domain, no npm, no node:*.',
    from: { path: '^src/modules/([^/]+)/domain/', pathNot: TESTS },
    to: { pathNot: ['^src/core/', '^src/modules/$1/domain/', '^src/modules/(?!$1/)'] },
  },
  {
    name: 'web-does-not-write',
    comment: 'Pages read through store/*-read.ts and write through actions.',
    from: { path: '^src/modules/([^/]+)/web/', pathNot: TESTS },
    to: { path: '^src/modules/$1/store/', pathNot: String.raw`-read\.ts$` },
  },
  {
    name: 'actions-do-not-know-web',
    comment: 'A verb is the same from a form, the API, the journal and a job.',
    from: { path: '^src/modules/([^/]+)/actions/', pathNot: TESTS },
    to: { path: String.raw`^src/modules/$1/(web/|listeners\.ts$|jobs\.ts$)` },
  },
  {
    name: 'store-is-below-actions',
    comment: 'Nothing in store points back up.',
    from: { path: '^src/modules/([^/]+)/store/', pathNot: TESTS },
    to: { path: String.raw`^src/modules/$1/(actions/|web/|listeners\.ts$|jobs\.ts$)` },
  },
  {
    name: 'sql-only-in-store',
    comment: 'SQL is written in store/ folders and in platform/database.',
    from: { path: '^src/', pathNot: [TESTS, '/store/', '^src/platform/database/'] },
    to: { path: String.raw`(^|/)node_modules/(kysely|pg)/|^(node:)?sqlite$` },
  },
  {
    name: 'http-only-at-the-edge',
    comment: 'The HTTP library stays replaceable.',
    from: {
      path: '^src/',
      pathNot: [TESTS, '^src/platform/http/', '^src/app/', '^src/modules/[^/]+/web/'],
    },
    to: { path: '(^|/)node_modules/(fastify|@fastify/[^/]+)/' },
  },
  {
    name: 'no-dev-deps-in-src',
    comment: 'What runs in production is installed in production; the demo counts as production.',
    from: { path: '^(src|simulators)/', pathNot: TESTS },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm'] },
  },
  {
    name: 'src-does-not-import-test',
    comment: 'No test helper and no simulator in the product.',
    from: { path: '^src/', pathNot: TESTS },
    to: { path: [String.raw`^(test|simulators|bench|script)/`, TESTS] },
  },
  {
    name: 'resolvable',
    comment: 'What is imported exists and is declared in package.json.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-orphans',
    comment: 'A file nobody imports and that imports nobody is left over.',
    from: { orphan: true, pathNot: [String.raw`\.client\.js$`, String.raw`\.d\.ts$`, String.raw`^src/main\.ts$`] },
    to: {},
  },
];

export default {
  forbidden: forbidden.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: String.raw`(^|/)(dist|coverage|fixtures)/` },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
};
