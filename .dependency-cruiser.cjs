/** Which folder may import which: docs/adr/0001-layout.md says why. The rooms within folders are in scripts/walls/rooms.cjs. */
const { controlStair, featureStair, labWalls, runtimeStairs } = require('./scripts/walls/rooms.cjs')
const { onlyIn, wall } = require('./scripts/walls/wall.cjs')

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
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
    wall('app', '^web/app/', '^(contracts|web/(app|features|http|live|ui))/'),
    wall('features', '^web/features/', '^(contracts|web/(features|http|live|ui))/'),
    {
      name: 'features-without-css',
      comment: 'a feature is painted by the utilities and recipes of web/ui; CSS of its own would reach every page',
      severity: 'error',
      from: { path: '^web/features/' },
      to: { path: '\\.css$' },
    },
    ...featureStair,
    wall(
      'http',
      '^web/http/',
      '^(contracts|web/(http|live))/',
      'it asks live whether the screen shows the past, where nothing may be changed',
    ),
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
