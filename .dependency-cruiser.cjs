/** The walls: what each folder may import. docs/adr/0001-layout.md says why. `from` a folder, `to` anything but its allowed list. */
const wall = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.(test|contract)\\.tsx?$|/fixtures/|\\.integration\\.test\\.ts$' },
  to: {
    path: '^(contracts|monitoring|storage|workers|web|prisma|supervisor|cli|scripts|bench|e2e|test)/',
    pathNot: allowed,
  },
})

/** A package that may be imported only from the named places. */
const onlyIn = (name, packages, places) => ({
  name,
  comment: `${packages} is imported only in ${places}`,
  severity: 'error',
  from: {
    path: '^(contracts|monitoring|storage|workers|web|prisma|supervisor)/',
    pathNot: `${places}|\\.(test|contract|fixture)\\.tsx?$`,
  },
  to: { path: `(^|node_modules/)(${packages})/` },
})

/**
 * The walls of a stair: `rooms` are the rooms of `folder`, lowest first, each with the lower ones that it may import. A room that
 * names one that is not below it ends the check, so the table cannot hold a loop; a room that has no row is a breach. Rooms of
 * `top` import any. `leaves` are files of the folder itself that every room may import; its other files wire the rooms.
 */
function stair(name, folder, rooms, { top = [], leaves = [] } = {}) {
  const names = Object.keys(rooms)
  const below = leaves.length > 0 ? `|(${leaves.join('|')})\\.ts$` : ''
  const walls = names.map((room, step) => {
    const upwards = rooms[room].filter((other) => !names.slice(0, step).includes(other))
    if (upwards.length > 0) throw new Error(`${folder}/${room} may not import ${upwards.join(', ')}: not below it`)
    return {
      name: `${name}-${room}`,
      comment: `${room} imports, of ${folder}, ${rooms[room].length === 0 ? 'no other room' : `only ${rooms[room].join(', ')}`}`,
      severity: 'error',
      from: { path: `^${folder}/${room}/`, pathNot: '\\.(test|contract|fixture)\\.tsx?$|/fixtures/' },
      to: { path: `^${folder}/`, pathNot: `^${folder}/((${[room, ...rooms[room]].join('|')})/${below})` },
    }
  })
  const known = [...names, ...top].join('|')
  const comment = `a room of ${folder} has its row in the table of its stair`
  const from = { path: `^${folder}/[^/]+/`, pathNot: `^${folder}/(${known}|fixtures)/` }
  return [...walls, { name: `${name}-on-the-stair`, comment, severity: 'error', from, to: {} }]
}

/** The files beside the rooms are the wiring, which imports them all. docs/adr/0018-control-stair.md */
const controlStair = stair('control', 'web/control', {
  process: [],
  problem: [],
  access: ['process'],
  ledger: [],
  journeys: ['ledger'],
  verdict: ['ledger', 'journeys'],
  flows: ['ledger', 'journeys', 'verdict'],
  journal: ['ledger', 'journeys', 'flows'],
  rehydrate: ['ledger', 'journeys', 'journal'],
  intake: ['problem', 'ledger', 'journeys', 'flows', 'journal', 'rehydrate'],
  lab: ['problem'],
  publish: ['problem', 'lab'],
  engines: [],
  faults: ['problem', 'lab', 'engines'],
  broker: ['problem', 'lab', 'publish', 'engines'],
  'dead-letters': ['problem', 'lab', 'publish', 'broker'],
  audit: ['problem', 'lab', 'ledger', 'journeys', 'verdict'],
  defects: [],
  'event-log': ['lab', 'engines', 'audit'],
  topology: ['lab', 'engines'],
  'lab-changes': ['problem', 'lab', 'topology'],
  metrics: ['ledger', 'journeys', 'engines'],
  runs: ['problem', 'lab', 'publish', 'faults', 'metrics'],
  record: ['problem', 'lab', 'publish', 'faults', 'broker', 'dead-letters'],
  partitions: [],
  queues: ['problem'],
  spans: [],
  otlp: [],
  'program-traces': ['otlp'],
  live: ['journeys', 'event-log', 'metrics'],
  history: ['problem', 'ledger'],
  outbox: ['problem'],
  exports: ['process'],
  pages: ['access'],
  api: [
    ...['problem', 'access', 'journeys', 'lab', 'publish', 'faults', 'broker', 'dead-letters', 'audit'],
    ...['event-log', 'topology', 'lab-changes', 'outbox', 'queues', 'runs', 'record', 'otlp', 'history'],
  ],
})

/** Pages import any room. */
const featureStair = stair(
  'feature',
  'web/features',
  {
    words: [],
    curl: [],
    theme: [],
    code: [],
    lab: [],
    json: ['code'],
    schema: ['json'],
    form: ['json', 'schema', 'words'],
    nodes: ['words'],
    partitions: ['words'],
    outbox: ['json', 'words'],
    broker: ['form', 'words'],
    'event-types': ['form', 'json', 'schema', 'words'],
    'retry-policy': ['event-types', 'form', 'words'],
    faults: ['curl', 'event-types', 'form', 'schema', 'words'],
    'event-log': ['faults', 'form', 'words'],
    charts: ['faults', 'words'],
    narration: [],
    replay: ['charts', 'narration', 'words'],
    banner: ['broker', 'faults', 'words'],
    guide: ['event-types', 'faults', 'words'],
    messages: ['broker', 'form', 'words'],
    flows: ['messages', 'words'],
    topology: ['faults', 'flows', 'guide', 'lab', 'nodes', 'replay', 'words'],
    ledger: ['guide', 'messages', 'nodes', 'words'],
    'dead-letters': ['broker', 'event-types', 'form', 'json', 'messages', 'schema', 'words'],
    record: [],
    runs: ['charts', 'code', 'narration', 'replay', 'words'],
    compare: ['charts', 'runs', 'words'],
    publish: ['charts', 'curl', 'event-types', 'form', 'json', 'schema', 'words'],
    message: ['faults', 'flows', 'json', 'messages', 'nodes', 'publish', 'words'],
    flow: ['faults', 'flows', 'message', 'messages', 'nodes', 'publish', 'words'],
    architecture: ['code', 'flows', 'lab', 'nodes', 'words'],
    queues: ['form', 'json', 'words'],
    'node-drawer': [
      'charts',
      'dead-letters',
      'faults',
      'form',
      'ledger',
      'messages',
      'nodes',
      'partitions',
      'replay',
      'retry-policy',
      'words',
    ],
    palette: [
      'dead-letters',
      'faults',
      'guide',
      'ledger',
      'messages',
      'nodes',
      'record',
      'replay',
      'theme',
      'topology',
    ],
    phone: [
      ...[
        'banner',
        'charts',
        'dead-letters',
        'faults',
        'flow',
        'flows',
        'ledger',
        'message',
        'messages',
        'nodes',
        'queues',
        'runs',
        'theme',
        'words',
      ],
    ],
  },
  { top: ['shell'] },
)

const runtimeStairs = [
  ...stair(
    'contracts',
    'contracts',
    {
      events: [],
      effects: ['events'],
      schemas: ['events', 'effects'],
      brokers: ['effects'],
      faults: ['events', 'brokers', 'effects'],
      protocols: ['events', 'brokers', 'effects', 'faults'],
      'yaml-document': [],
      api: ['events', 'brokers', 'effects', 'faults', 'protocols', 'yaml-document'],
      scenario: ['events', 'brokers', 'effects', 'faults', 'api', 'yaml-document'],
      'scenario-run': ['brokers', 'faults', 'protocols', 'api'],
      narration: ['faults', 'api', 'scenario', 'scenario-run'],
      'html-report': ['faults', 'api', 'scenario', 'scenario-run', 'narration'],
    },
    {
      leaves: [
        ...['environment', 'host-port', 'json-pointer', 'engine-name', 'errors', 'lab-declaration'],
        'builtin-workers',
      ],
      top: ['lab-file'],
    },
  ),
  ...stair('runtime', 'workers/runtime', {
    process: [],
    bodies: [],
    publish: ['process', 'bodies'],
    consume: ['process', 'bodies', 'publish'],
    faults: ['process', 'consume', 'publish'],
    defects: ['process', 'consume', 'publish'],
  }),
  ...stair(
    'program',
    'workers/program',
    {
      cloudevents: [],
      causes: [],
      process: [],
      delivery: ['cloudevents'],
      sink: ['cloudevents', 'causes'],
    },
    { leaves: ['env'] },
  ),
  ...stair('sidecar', 'workers/sidecar', {
    telemetry: [],
    links: [],
    metrics: [],
    replicas: ['telemetry', 'links', 'metrics'],
    faults: ['telemetry', 'links', 'metrics', 'replicas'],
    seats: ['telemetry', 'links', 'metrics', 'replicas', 'faults'],
  }),
  ...stair('supervisor', 'supervisor', {
    process: [],
    settings: [],
    kafka: ['process', 'settings'],
    postgres: ['process', 'settings'],
    redis: ['process', 'settings'],
    parts: ['process', 'settings', 'kafka', 'postgres', 'redis'],
  }),
]

/** The declared lab is a value: who reads its file is held, so that nobody else can name a worker. */
const labWalls = [
  {
    name: 'lab-file-read-in-one-place',
    comment:
      'load-lab.ts reads the lab file at the start; where the lab is changed its text is read again. Nobody else reads lab files',
    severity: 'error',
    from: { pathNot: '^contracts/load-lab\\.ts$|^web/control/lab-changes/|^cli/|\\.(test|fixture)\\.ts$' },
    to: { path: '^contracts/lab-file/read-lab-file\\.ts$' },
  },
  {
    name: 'lab-loaded-by-entry-points',
    comment: 'everything else is given the lab as a value',
    severity: 'error',
    from: {
      path: '^(contracts|monitoring|workers|web|prisma|supervisor)/',
      pathNot: '^(web/server|supervisor/main)\\.ts$|\\.(test|contract|fixture)\\.tsx?$|/fixtures/',
    },
    to: { path: '^contracts/load-lab\\.ts$' },
  },
]

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    // dist/ is what the build makes.
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(\\.\\./)?dist/' },
    },
    wall('contracts', '^contracts/', '^contracts/', 'contracts know nobody'),
    wall('monitoring', '^monitoring/', '^(contracts|monitoring)/', 'web and sidecars share it; it knows neither'),
    wall('storage', '^storage/', '^(contracts|storage)/', 'files and bytes; it knows nobody who writes them'),
    wall('broker', '^workers/broker/', '^(contracts|workers/broker)/'),
    wall('runtime', '^workers/runtime/', '^(contracts|workers/(broker|runtime))/'),
    wall(
      'sidecar',
      '^workers/sidecar/',
      '^(contracts|monitoring|workers/sidecar)/',
      'a sidecar knows no broker and no handler',
    ),
    wall('sns-sqs', '^workers/sns-sqs/', '^(contracts|storage|workers/sns-sqs)/'),
    wall('producer', '^workers/producer/', '^(contracts|workers/(broker|runtime|producer))/'),
    wall('simulated', '^workers/simulated/', '^(contracts|workers/(broker|runtime|simulated))/'),
    wall(
      'simulated-shared',
      '^workers/simulated-shared/',
      '^(contracts|workers/(broker|runtime|simulated|simulated-shared))/',
    ),
    wall(
      'program',
      '^workers/program/',
      '^(contracts|workers/(broker|runtime|program))/',
      'it delivers to programs and knows none',
    ),
    wall('mailbox', '^workers/mailbox/', '^(contracts|workers/mailbox|prisma)/'),
    {
      name: 'consumers',
      comment: 'a consumer knows the runtime and its own folder, never another consumer',
      severity: 'error',
      from: { path: '^workers/(consumer-[^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(contracts|storage|workers|web|prisma|supervisor)/',
        pathNot: ['^(contracts|workers/broker|workers/runtime|prisma)/', '^workers/$1/'],
      },
    },
    wall(
      'control',
      '^web/control/',
      '^(contracts|monitoring|storage|web/control|prisma)/|^workers/broker/(broker|broker-settings|dead-letters|create-broker)\\.ts$',
    ),
    wall(
      'server',
      '^web/server\\.ts$',
      '^(contracts|monitoring|web/control|prisma)/|^workers/broker/create-broker\\.ts$',
    ),
    ...controlStair,
    wall('app', '^web/app/', '^(contracts|web/(app|features|live|ui))/'),
    wall('features', '^web/features/', '^(contracts|web/(features|live|ui))/'),
    {
      name: 'features-without-css',
      comment: 'a feature is painted by the utilities and recipes of web/ui; CSS of its own would reach every page',
      severity: 'error',
      from: { path: '^web/features/' },
      to: { path: '\\.css$' },
    },
    ...featureStair,
    wall('live', '^web/live/', '^(contracts|web/live)/'),
    wall('ui', '^web/ui/', '^web/ui/'),
    wall('prisma', '^prisma/', '^prisma/'),
    wall(
      'supervisor',
      '^supervisor/',
      '^(contracts|supervisor|prisma)/|^workers/broker/broker-settings\\.ts$',
      'it starts processes and knows none of them, but says what is wrong with their settings before it does',
    ),
    wall(
      'cli',
      '^cli/',
      '^(contracts|cli)/|^scripts/platform\\.mjs$',
      'a client of the REST API: it knows the contracts and nothing behind them',
    ),
    ...runtimeStairs,
    ...labWalls,
    // The page of queues shows and changes what AWS calls them by, which the lab's own port of a broker knows nothing of.
    onlyIn('aws-sdk-in-one-driver', '@aws-sdk|@smithy', '^workers/broker/drivers/sns-sqs|^web/control/queues/'),
    onlyIn('ioredis-in-one-store', 'ioredis', '^workers/sns-sqs/stores/redis'),
    onlyIn(
      'kafkajs-in-one-driver',
      'kafkajs',
      // A planted defect of commits, which are made inside of the driver.
      '^workers/broker/drivers/kafka|^workers/runtime/defects/settling/commit-past-end\\.ts$',
    ),
    onlyIn('prisma-behind-stores', '@prisma', '^prisma/'),
    onlyIn('react-flow-in-topology', '@xyflow', '^web/(features/topology|app)/'),
    {
      name: 'storage-behind-journals',
      comment: 'in the control plane journal and history write segments; in the simulator its stores do',
      severity: 'error',
      from: {
        path: '^(web|workers)/',
        pathNot: '^web/control/(journal|history)/|^workers/sns-sqs/stores/|\\.test\\.ts$',
      },
      to: { path: '^storage/' },
    },
    {
      name: 'sns-sqs-consume',
      comment: 'consume/ imports the files beside it; of these none knows how messages are received and settled',
      severity: 'error',
      from: { path: '^workers/broker/drivers/sns-sqs/[^/]+$', pathNot: '\\.test\\.ts$' },
      to: { path: '^workers/broker/drivers/sns-sqs/consume/' },
    },
    {
      name: 'driver-chosen-in-one-place',
      comment: 'create-broker.ts alone names drivers',
      severity: 'error',
      from: {
        path: '^(workers|web)/',
        pathNot: '^workers/broker/(create-broker\\.ts|drivers/)|\\.(test|contract)\\.ts$',
      },
      to: { path: '^workers/broker/drivers/' },
    },
    {
      name: 'no-tests-in-production',
      severity: 'error',
      from: { pathNot: '\\.(test|contract)\\.tsx?$|/fixtures/|^(e2e|bench|test|scripts)/' },
      to: { path: '\\.(test|contract)\\.tsx?$|^(e2e|bench|test)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(prisma/generated|web/\\.next|dist)/|^web/next-env' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: require('node:path').join(__dirname, 'tsconfig.json') },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.cts', '.js', '.json'],
    },
  },
}
