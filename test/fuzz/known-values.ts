import type { Known } from './values-of.ts'

/** Reads a path of the API as JSON. */
export type Read = (path: string) => Promise<unknown>

/** What a lab calls its parts, and what is in it now. */
export async function knownValues(read: Read): Promise<Known> {
  const namesIn = async (path: string, field: string): Promise<string[]> => [
    ...new Set(
      [...JSON.stringify(await read(path)).matchAll(new RegExp(`"${field}":"([^"\\\\]{1,80})"`, 'g'))].map(
        ([, name = '']) => name,
      ),
    ),
  ]
  const [types, consumers, services, faults, links, messages, instances] = await Promise.all([
    namesIn('/api/event-types', 'name'),
    namesIn('/api/subscriptions', 'consumer'),
    namesIn('/api/services', 'name'),
    namesIn('/api/faults/catalogue', 'type'),
    namesIn('/api/faults/catalogue', 'link'),
    namesIn('/api/messages?limit=20', 'id'),
    namesIn('/api/services', 'instance'),
  ])
  const made = ['fuzz_a', 'fuzz_b', 'fuzz_c']
  const data = [{}, { email: 'ada@example.com', name: 'Ada' }, { id: 'a' }]
  const idsIn = async (path: string): Promise<string[]> => namesIn(path, 'id')
  const [bursts, held, redrives, letters] = await Promise.all(
    ['/api/bursts', '/api/faults', '/api/dead-letters/redrives', '/api/dead-letters'].map(idsIn),
  )
  const unknown = [
    ...(bursts ?? []),
    ...(held ?? []),
    ...(redrives ?? []),
    ...(letters ?? []),
    'burst-1',
    'fault-1',
    '1',
  ]
  return {
    words: ['a', 'id', 'email', ...made, ...types, ...consumers, ...services],
    byName: {
      ...{ type: [...types, ...made, ...faults], eventType: types, eventTypes: types, topic: [...types, ...made] },
      ...{
        consumer: consumers,
        consumers,
        group: consumers,
        service: services,
        name: [...made, ...made, ...types, ...services],
      },
      ...{
        link: links,
        instance: instances,
        id: [...messages, ...unknown],
        ids: [...messages, ...unknown],
        messageId: messages,
      },
      ...{
        data,
        example: data,
        payload: data,
        change: data,
        keyField: ['id', 'email', 'none'],
        position: ['1', '2', '3'],
      },
      schema: [
        {},
        { type: 'object', properties: { id: { type: 'string' }, email: { type: 'string', format: 'email' } } },
        { type: 'object', required: ['missing'] },
        { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' },
        { type: 'string', pattern: '(a+)+$' },
      ],
      ...{ code: ['invalid_body', 'internal'], broker: ['local'] },
    },
    bodies: bodiesFor(consumers, made),
  }
}

function bodiesFor(consumers: readonly string[], made: readonly string[]): Known['bodies'] {
  const [service = 'consumer-db'] = consumers
  const signup = { email: 'ada@example.com', name: 'Ada' }
  const schema = { type: 'object', properties: { id: { type: ['string', 'integer'] } } }
  const types = made.map((name) => ({ name, schema, example: { id: 'a' }, keyField: 'id', consumers: [service] }))
  const policy = { maximumAttempts: 3, initialIntervalMs: 100, nonRetryableErrorTypes: ['A'] }
  return {
    publishEvent: [
      { type: 'user_signup', data: signup },
      { type: 'user_signup', data: signup, key: 'k' },
      ...made.map((type) => ({ type, data: { id: 7, any: [{}] } })),
    ],
    startBurst: [
      { type: 'user_signup', count: 3, ratePerSecond: 100, keys: 2 },
      { type: 'user_signup', durationMs: 100, ratePerSecond: 20, data: signup },
    ],
    createEventType: types.map((type) => ({ ...type, email: { subject: 'S {{data.id}}', body: 'B' } })),
    replaceEventType: types.map(({ name: _, ...type }) => type),
    changeSubscription: [
      { retryPolicy: policy },
      { retryPolicyByType: { user_signup: policy } },
      { eventTypes: ['user_signup'] },
    ],
    scaleService: [{ replicas: 1 }, { replicas: 2 }],
    injectFault: [
      { type: 'handler.latency', target: { service }, params: { latencyMs: 5 } },
      { type: 'handler.error', target: { service }, percent: 10, params: { message: 'm' }, seed: 3 },
      { type: 'message.duplicate', target: { eventType: 'user_signup' }, percent: 20, params: { copies: 1 } },
      { type: 'link.latency', target: { link: `${service}->broker` }, params: { latencyMs: 5 } },
    ],
    redriveDeadLetters: [
      { all: true, dryRun: true },
      { group: service, change: { name: 'B' }, ratePerSecond: 50 },
    ],
    auditLedger: [{ timeoutMs: 500 }],
    addNote: [{ message: 'a note' }],
  }
}
