import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { type Broker, BrokerUnavailable, type Wiring } from '#workers/broker/broker.ts'
import { type BrokerAdmin, startBrokerAdmin } from './broker-admin.ts'

const wiring: Wiring = { topics: [{ topic: 'a', types: ['a'] }], groups: [{ group: 'g', types: ['a'], topics: ['a'] }] }
let admin: BrokerAdmin | undefined
afterEach(() => admin?.stop())

/** A broker that keeps its wiring in a variable. */
function start() {
  const state = {
    up: false,
    problem: 'connection refused',
    wired: [] as { topic: string; group: string }[],
    queues: [] as string[],
    declarations: 0,
    depths: 0,
  }
  const warnings: string[] = []
  const must = () => {
    if (!state.up) throw new BrokerUnavailable(state.problem)
  }
  const broker: Pick<Broker, 'declare' | 'inspect'> = {
    async declare({ groups }) {
      must()
      state.declarations += 1
      state.queues = groups.map(({ group }) => group)
      state.wired = groups.flatMap(({ group, topics }) => topics.map((topic) => ({ topic, group })))
    },
    async inspect() {
      must()
      return {
        bindings: state.wired,
        queues: state.queues.map((group) => ({ group, visible: 0, inFlight: 0, delayed: 0, deadLetters: 0 })),
      }
    },
  }
  admin = startBrokerAdmin({
    broker: broker as Broker,
    wiring,
    onCounts: () => {
      state.depths += 1
    },
    log: pino({ level: 'warn' }, { write: (line: string) => void warnings.push(JSON.parse(line).msg) }),
  })
  return { state, admin, warnings }
}

describe('the broker admin', () => {
  it('tells each reason once why a broker was never reached', async () => {
    const { state, admin, warnings } = start()
    await expect.poll(() => warnings).toEqual(['connection refused'])
    state.problem = 'wrong password'
    await expect.poll(() => warnings, { timeout: 5_000 }).toEqual(['connection refused', 'wrong password'])
    state.problem = 'connection refused'
    await expect.poll(() => admin.health().problem, { timeout: 5_000 }).toBe('connection refused')
    state.up = true
    await expect.poll(() => admin.health().up, { timeout: 5_000 }).toBe(true)
    expect(warnings).toHaveLength(2)
    state.up = false
    await expect.poll(() => warnings, { timeout: 5_000 }).toHaveLength(3)
  })

  it('waits for the broker, wires it, and wires it again when it came back empty', async () => {
    const { state, admin } = start()
    await expect.poll(() => admin.health().problem).toContain('connection refused')
    expect(admin.health().up).toBe(false)
    state.up = true
    await expect.poll(() => admin.health().up, { timeout: 10_000 }).toBe(true)
    expect(admin.bindings()).toEqual([{ topic: 'a', group: 'g' }])
    state.wired = []
    state.queues = []
    await expect.poll(() => state.declarations, { timeout: 10_000 }).toBe(2)
    await expect.poll(() => state.depths, { timeout: 10_000 }).toBeGreaterThan(2)
    expect(state.declarations).toBe(2)
    state.up = false
    await expect.poll(() => admin.health().up, { timeout: 10_000 }).toBe(false)
    expect(admin.bindings()).toEqual([])
  })

  it('makes a change that came while the broker was away once it is back', async () => {
    const { state, admin } = start()
    const next = {
      topics: [...wiring.topics, { topic: 'b', types: ['b'] }],
      groups: [{ group: 'g', types: ['a', 'b'], topics: ['a', 'b'] }],
    }
    await expect(admin.declare(next)).rejects.toThrow('connection refused')
    state.up = true
    await expect
      .poll(() => state.wired, { timeout: 10_000 })
      .toEqual([
        { topic: 'a', group: 'g' },
        { topic: 'b', group: 'g' },
      ])
  })
})
