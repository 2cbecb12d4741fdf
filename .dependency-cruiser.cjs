/** The walls: what each folder may import. docs/adr/0001-layout.md says why. `from` a folder, `to` anything but its allowed list. */
const wall = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.(test|contract)\\.tsx?$|/fixtures/|\\.integration\\.test\\.ts$' },
  to: { path: '^(contracts|monitoring|workers|web|prisma|supervisor|cli|scripts|bench|e2e|test)/', pathNot: allowed },
})

/** A package that may be imported only from the named places. */
const onlyIn = (name, packages, places) => ({
  name,
  comment: `${packages} is imported only in ${places}`,
  severity: 'error',
  from: {
    path: '^(contracts|monitoring|workers|web|prisma|supervisor)/',
    pathNot: `${places}|\\.(test|contract)\\.tsx?$`,
  },
  to: { path: `(^|node_modules/)(${packages})/` },
})

/**
 * The stair of `web/control`, lowest room first: each may import the rooms named, all of them above it in this table, and no
 * other. The files beside the rooms are the wiring, which imports them all. docs/adr/0018-control-stair.md
 */
const controlRooms = {
  process: [],
  problem: [],
  access: ['process'],
  ledger: [],
  journeys: ['ledger'],
  verdict: ['ledger', 'journeys'],
  journal: ['ledger', 'journeys'],
  recall: ['ledger', 'journeys', 'journal'],
  intake: ['problem', 'ledger', 'journeys', 'journal', 'recall'],
  lab: ['problem'],
  publish: ['problem', 'lab'],
  engines: [],
  faults: ['problem', 'lab', 'engines'],
  broker: ['problem', 'lab', 'publish', 'engines'],
  'dead-letters': ['problem', 'lab', 'publish', 'broker'],
  audit: ['problem', 'ledger', 'journeys', 'verdict'],
  defects: [],
  'event-log': ['engines'],
  topology: ['lab', 'engines'],
  metrics: ['ledger', 'journeys', 'engines'],
  partitions: [],
  spans: [],
  live: ['journeys', 'event-log'],
  outbox: ['problem'],
  exports: ['process'],
  pages: ['access'],
  api: [
    ...['problem', 'access', 'journeys', 'lab', 'publish', 'faults', 'broker', 'dead-letters', 'audit'],
    ...['event-log', 'topology', 'outbox'],
  ],
}
const rooms = Object.keys(controlRooms)

/** One wall a room, and one for a room that the table does not name. */
const controlStair = [
  ...Object.entries(controlRooms).map(([room, lower]) => {
    const upwards = lower.filter((name) => rooms.indexOf(name) >= rooms.indexOf(room) || !rooms.includes(name))
    if (upwards.length > 0) throw new Error(`web/control/${room} stands below ${upwards.join(', ')}: mend the table`)
    return {
      name: `control-${room}`,
      comment: 'nothing in web/control imports upwards',
      severity: 'error',
      from: { path: `^web/control/${room}/`, pathNot: '\\.(test|fixture)\\.ts$|/fixtures/' },
      to: { path: '^web/control/', pathNot: `^web/control/(${[room, ...lower].join('|')})/` },
    }
  }),
  {
    name: 'control-rooms-named',
    comment: 'a new room of web/control gets a row in the table of its stair',
    severity: 'error',
    from: { path: '^web/control/[^/]+/', pathNot: `^web/control/(${rooms.join('|')})/` },
    to: {},
  },
]

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    wall('contracts', '^contracts/', '^contracts/', 'contracts know nobody'),
    wall('monitoring', '^monitoring/', '^(contracts|monitoring)/', 'web and sidecars share it; it knows neither'),
    wall('broker', '^workers/broker/', '^(contracts|workers/broker)/'),
    wall('runtime', '^workers/runtime/', '^(contracts|workers/(broker|runtime))/'),
    wall(
      'sidecar',
      '^workers/sidecar/',
      '^(contracts|monitoring|workers/sidecar)/',
      'a sidecar knows no broker and no handler',
    ),
    wall('sns-sqs', '^workers/sns-sqs/', '^(contracts|workers/sns-sqs)/'),
    wall('producer', '^workers/producer/', '^(contracts|workers/(broker|runtime|producer))/'),
    wall('mailbox', '^workers/mailbox/', '^(contracts|workers/mailbox|prisma)/'),
    {
      name: 'consumers',
      comment: 'a consumer knows the runtime and its own folder, never another consumer',
      severity: 'error',
      from: { path: '^workers/(consumer-[^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(contracts|workers|web|prisma|supervisor)/',
        pathNot: ['^(contracts|workers/broker|workers/runtime|prisma)/', '^workers/$1/'],
      },
    },
    wall(
      'control',
      '^web/control/',
      '^(contracts|monitoring|web/control|prisma)/|^workers/broker/(broker|broker-settings|dead-letters|create-broker)\\.ts$',
    ),
    wall(
      'server',
      '^web/server\\.ts$',
      '^(contracts|monitoring|web/control|prisma)/|^workers/broker/create-broker\\.ts$',
    ),
    ...controlStair,
    wall('app', '^web/app/', '^(contracts|web/(app|features|live|ui))/'),
    wall('features', '^web/features/', '^(contracts|web/(features|live|ui))/'),
    wall('live', '^web/live/', '^(contracts|web/live)/'),
    wall('ui', '^web/ui/', '^web/ui/'),
    wall('prisma', '^prisma/', '^prisma/'),
    wall(
      'supervisor',
      '^supervisor/',
      '^(contracts|supervisor|prisma)/|^workers/broker/broker-settings\\.ts$',
      'it starts processes and knows none of them, but says what is wrong with their settings before it does',
    ),
    onlyIn('aws-sdk-in-one-driver', '@aws-sdk|@smithy', '^workers/broker/drivers/sns-sqs'),
    onlyIn('ioredis-in-one-store', 'ioredis', '^workers/sns-sqs/stores/redis'),
    onlyIn('kafkajs-in-one-driver', 'kafkajs', '^workers/broker/drivers/kafka'),
    onlyIn('prisma-behind-stores', '@prisma', '^prisma/'),
    onlyIn('react-flow-in-topology', '@xyflow', '^web/(features/topology|app)/'),
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
