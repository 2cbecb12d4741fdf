import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { kafkaUnderTest } from '#workers/broker/drivers/kafka.contract.ts'
import { kafkaMissing } from '../../test/kafka.ts'
import { openLabs, untilMs } from './fixtures/program-lab.ts'

vi.setConfig({ testTimeout: 2 * untilMs, hookTimeout: untilMs })

const suite = 'programs on Kafka'
describe.skipIf(await kafkaMissing(suite))(suite, { timeout: 180_000 }, () => {
  let labs: Awaited<ReturnType<typeof openLabs>>
  beforeAll(async () => {
    const underTest = await kafkaUnderTest()
    labs = await openLabs(underTest, 'kafka', { KAFKA_BROKERS: underTest.real.brokers.join(',') })
  })
  afterEach(() => labs.closeAll())
  afterAll(() => labs.close())

  const directory = fileURLToPath(new URL('./fixtures/programs', import.meta.url))
  const command = [process.execPath, 'good.mjs']

  test('replies are published with their cause, and a program that is killed loses nothing', async () => {
    const body = { kind: 'program' as const, command, directory, env: {}, readyWithinMs: 20_000 }
    const lab = await labs.open(body, { policy: { maximumAttempts: 10, initialIntervalMs: 200 } })
    await lab.untilState('up')
    const orders = Array.from({ length: 30 }, (_, index) => ({ orderId: String(index) }))
    const first = await lab.place(orders.slice(0, 15))
    await lab.untilSent(1)
    const line = await lab.untilLogged('good program listens as')
    process.kill(Number(line.kind === 'log' ? line.message.split(' ').at(-1) : 0), 'SIGKILL')
    const ids = [...first, ...(await lab.place(orders.slice(15)))]
    const settled = await lab.untilSettled(30)
    expect(new Set(settled)).toEqual(new Set(ids))
    const sent = await lab.untilCaused(30)
    expect(new Set(sent.map(({ envelope }) => envelope?.causationId))).toEqual(new Set(ids))
    expect((await lab.broker.deadLetters.list(lab.service, 50)).letters).toEqual([])
  })
})
