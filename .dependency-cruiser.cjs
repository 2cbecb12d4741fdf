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
 * The rooms of a folder, the lowest first: a room imports rooms below it and none above or beside it. Rooms in one array stand beside
 * each other. `leaves` are files of the folder itself that every room may import; its other files wire the rooms and are above them.
 */
const stair = (folder, floors, leaves = []) =>
  floors.flatMap((floor, height) =>
    floor.map((room) => ({
      name: `room-${folder.replaceAll('/', '-')}-${room}`,
      comment: `${folder}/${room} imports rooms of ${folder} that are below it`,
      severity: 'error',
      from: { path: `^${folder}/${room}/`, pathNot: '\\.(test|contract|fixture)\\.tsx?$|/fixtures/' },
      to: {
        path: `^${folder}/`,
        pathNot: `^${folder}/((${[room, ...floors.slice(0, height).flat()].join('|')})/${leaves.length > 0 ? `|(${leaves.join('|')})\\.ts$` : ''})`,
      },
    })),
  )
const rooms = [
  ...stair(
    'contracts',
    [['events', 'brokers', 'effects'], ['faults'], ['protocols'], ['api']],
    ['environment', 'host-port', 'engine-name', 'errors'],
  ),
  ...stair('workers/runtime', [['process'], ['consume', 'publish'], ['faults', 'defects']]),
  ...stair('workers/sidecar', [['telemetry', 'links', 'metrics'], ['replicas'], ['faults']]),
  ...stair('supervisor', [['process', 'settings'], ['kafka', 'postgres', 'redis'], ['parts']]),
  {
    name: 'lab-loaded-in-one-place',
    comment: 'load-lab.ts alone reads the topology file; entry points load the lab and hand it on as a value',
    severity: 'error',
    from: { pathNot: '^contracts/load-lab\\.ts$' },
    to: { path: '^contracts/lab-topology\\.ts$' },
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
    ...rooms,
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
