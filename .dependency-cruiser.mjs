// Who may import whom (docs/architecture.md). `npm run check` runs it and fails when a file is not looked at.

const ROOM = '^(?:src|server/src)/[^/]+/';

/** `room` imports values only from itself and from what `others` match. Types and `import()` have rules of their own. */
const only = (room, others, comment) => ({
  name: `${room.replaceAll('/', '-')}-imports`,
  comment,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { pathNot: [`^${room}/`, ...others], dependencyTypesNot: ['type-only'], dynamic: false },
});

/** `room` imports types only from itself and from what `others` match. */
const onlyTypes = (room, others) => ({
  name: `${room.replaceAll('/', '-')}-imports-types`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { pathNot: [`^${room}/`, ...others], dependencyTypes: ['type-only'] },
});

const CLIENT = '^src/client/index\\.ts$';
const PANEL = '^src/panel/index\\.ts$';
const PROTOCOL = '^src/protocol/index\\.ts$';
const SHELL = '^src/shell/index\\.ts$';
const MARKDOWN = '^src/markdown/index\\.ts$';
const STRINGS = '^src/strings/index\\.ts$';
const LIT = '^node_modules/(lit|lit-html|lit-element|@lit/[^/]+)/';

/** Dynamic imports of a room go only to `targets`. */
const onlyDynamic = (room, targets) => ({
  name: `${room.replaceAll('/', '-')}-imports-on-demand`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { pathNot: targets, dynamic: true, dependencyTypesNot: ['type-only'] },
});

const widget = [
  only('src/protocol', [], 'The wire imports nothing.'),
  only('src/client', [PROTOCOL, '^node_modules/eventsource-parser/'], 'The client is headless.'),
  only('src/shell', [STRINGS], 'What every page pays for has no dependency: client and panel come by import().'),
  {
    name: 'src-shell-imports-words-behind-the-launcher',
    comment: "Only what is fetched on demand speaks more than the launcher's one word.",
    severity: 'error',
    from: { path: '^src/shell/', pathNot: '^src/shell/(controller|language)\\.ts$' },
    to: { path: '^src/strings/', dependencyTypesNot: ['type-only'] },
  },
  only('src/page', [SHELL], 'A page talks to the shell.'),
  only('src/panel', [PROTOCOL, MARKDOWN, STRINGS, LIT], 'Views: they ask the client that they are given.'),
  only('src/markdown', ['^node_modules/marked/', LIT], 'Markdown to DOM, of use without the rest.'),
  only('src/strings', [], 'Words only.'),
  onlyTypes('src/protocol', []),
  onlyTypes('src/client', [PROTOCOL]),
  onlyTypes('src/shell', [PROTOCOL, CLIENT, PANEL, STRINGS, '^src/page/index\\.ts$']),
  onlyTypes('src/page', [PROTOCOL, CLIENT, SHELL]),
  onlyTypes('src/panel', [PROTOCOL, CLIENT, MARKDOWN, STRINGS, LIT]),
  onlyTypes('src/markdown', [PROTOCOL, '^node_modules/marked/', LIT]),
  onlyTypes('src/strings', []),
  onlyDynamic('src/shell', ['^src/shell/', CLIENT, PANEL]),
  onlyDynamic('src/panel', ['^src/panel/', MARKDOWN, STRINGS]),
  onlyDynamic('src/(protocol|markdown)', ['^$']),
  onlyDynamic('src/page', ['^src/page/']),
  onlyDynamic('src/client', ['^src/client/']),
  onlyDynamic('src/strings', ['^src/strings/']),
];

/** The server's rooms, and which of the others each may know: of those alone that stand below it in docs/architecture.md. */
const serverRooms = {
  storage: [],
  sign: [],
  audit: ['storage'],
  agents: [],
  attachments: ['storage'],
  identity: ['agents', 'audit', 'storage'],
  conversations: ['agents', 'storage'],
  config: ['agents', 'attachments', 'identity', 'storage'],
  privacy: ['attachments', 'conversations', 'storage'],
  dashboard: ['agents', 'attachments', 'config', 'conversations', 'identity', 'privacy', 'storage'],
  http: ['agents', 'attachments', 'audit', 'config', 'conversations', 'dashboard', 'identity', 'privacy', 'storage'],
  cli: ['config', 'dashboard', 'identity', 'sign', 'storage'],
};

const serverLayers = Object.entries(serverRooms).map(([room, below]) => ({
  name: `server-${room}-imports`,
  comment: 'A room knows those below it, types too: what is above can then be changed alone.',
  severity: 'error',
  from: { path: `^server/src/${room}/` },
  to: { path: '^server/src/', pathNot: `^server/src/(${[room, ...below].join('|')})/` },
}));

const server = [
  ...serverLayers,
  {
    name: 'server-rooms-are-known',
    comment: 'A new room has to say whom it may know.',
    severity: 'error',
    from: { path: '^server/src/', pathNot: `^server/src/((${Object.keys(serverRooms).join('|')})/|[^/]+$)` },
    to: {},
  },
  {
    name: 'database-drivers',
    comment: 'Only storage knows what the database is.',
    severity: 'error',
    from: { path: '^server/src/', pathNot: '^server/src/storage/' },
    to: { path: ['^node_modules/(pg|kysely|@types/pg)/', '^(node:)?sqlite$'] },
  },
  {
    name: 'http-framework',
    comment: 'Only http, the dashboard and the command line know about HTTP.',
    severity: 'error',
    from: { path: '^server/src/', pathNot: ['^server/src/(http|dashboard)/', '^server/src/main\\.ts$'] },
    to: { path: ['^node_modules/(hono|@hono/[^/]+)/', '^(node:)?https?$'] },
  },
  {
    name: 'wire-only',
    comment: 'Server and widget share the types of the wire and nothing else.',
    severity: 'error',
    from: { path: '^server/src/' },
    to: { path: '^src/', pathNot: PROTOCOL },
  },
  {
    name: 'widget-stands-alone',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^(server|demo|scripts|bench|test)/', dependencyTypesNot: ['type-only'] },
  },
];

/** What the dashboard's pages share with the widget: its colours and measures, how styles are made, and how answers look. */
const TOKENS = '^src/panel/(styles/(css|tokens)|conversation/styles/markdown)\\.ts$';

const dashboardImports = [
  PROTOCOL,
  MARKDOWN,
  TOKENS,
  LIT,
  '^node_modules/(@lit-labs/router|@tanstack/virtual-core|chartist)/',
];

const dashboard = [
  only('server/dashboard', dashboardImports, 'Pages of the server: they ask its API and know nothing of its insides.'),
  onlyTypes('server/dashboard', dashboardImports),
  onlyDynamic('server/dashboard', ['^server/dashboard/', ...dashboardImports]),
  {
    name: 'dashboard-is-built-apart',
    severity: 'error',
    from: { path: '^server/src/' },
    to: { path: '^server/dashboard/' },
  },
];

const everywhere = [
  {
    name: 'no-circles',
    comment: 'Of what runs: types may know of each other.',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'resolvable',
    comment: 'What is measured beside ours has a package of its own, which only bench/ installs.',
    severity: 'error',
    from: { pathNot: '^bench/streaming-page\\.mjs$' },
    to: { couldNotResolve: true },
  },
  {
    name: 'faces',
    comment: 'A folder is imported through its index.ts; what is behind it is its own affair.',
    severity: 'error',
    from: { path: '^((?:src|server/src)/[^/]+)/' },
    to: { path: `${ROOM}(?!index\\.ts$).+`, pathNot: '^$1/' },
  },
  {
    name: 'faces-from-outside',
    severity: 'error',
    from: { pathNot: [ROOM, '^(test|server/test)/'] },
    // Who may import the tokens is said above.
    to: { path: `${ROOM}(?!index\\.ts$).+`, pathNot: TOKENS },
  },
  {
    name: 'tests-are-not-imported',
    severity: 'error',
    from: { pathNot: '^(test|server/test)/' },
    to: { path: '^(test|server/test)/' },
  },
  {
    name: 'demo-is-a-stranger',
    comment: 'The demo host uses what any host can use: the script tag and HTTP.',
    severity: 'error',
    from: { path: '^demo/' },
    to: { path: '^(src|server)/' },
  },
];

export default {
  forbidden: [...widget, ...server, ...dashboard, ...everywhere],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The frameworks' pages have dependencies of their own, which only their own tools find.
    exclude: { path: '^(dist|coverage|package|demo/frameworks)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectJSDocImports: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'browser', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.d.ts'],
    },
  },
};
