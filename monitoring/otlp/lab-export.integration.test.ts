import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, startLab } from '../../test/lab.ts'
import { until } from '../../test/until.ts'
import { type OtlpReceiver, type Received, startOtlpReceiver } from '../fixtures/otlp-receiver.ts'

/** A whole lab that exports to a receiver, which goes away and comes back. Loki and a trace store speak the same protocol. */
describe('logs and traces of a running lab', () => {
  let receiver: OtlpReceiver
  let lab: Lab
  const callerTrace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const callerSpan = '00f067aa0ba902b7'

  beforeAll(async () => {
    receiver = await startOtlpReceiver()
    lab = await startLab({ LOKI_URL: receiver.url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })
  }, 300_000)
  afterAll(async () => {
    await lab?.stop()
    await receiver?.close()
  }, 60_000)

  async function publish(headers: Record<string, string> = {}): Promise<string> {
    const response = await fetch(`${lab.url}/event`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ type: 'user_signup', data: { email: 'mira@example.com' } }),
    })
    const { id } = (await response.json()) as { id: string }
    return id
  }
  const spansOf = (id: string): Received[] =>
    receiver.spans.filter(({ attributes }) => attributes['messaging.message.id'] === id)
  const logsOf = (id: string): Received[] =>
    receiver.logs.filter(({ attributes }) => attributes['messaging.message.id'] === id)

  it('a message is one trace: send below its caller, and receive, process and settle of each group', async () => {
    const id = await publish({ traceparent: `00-${callerTrace}-${callerSpan}-01` })
    const spans = await until('seven spans', async () => spansOf(id).length >= 7 && spansOf(id), 90_000)
    expect(spans.map(({ name }) => name).sort()).toEqual(
      ['send', 'receive', 'receive', 'process', 'process', 'ack', 'ack'].map((name) => `${name} user_signup`).sort(),
    )
    for (const span of spans) {
      expect(span.traceId).toBe(callerTrace)
      expect(span.end as bigint).toBeGreaterThanOrEqual(span.start as bigint)
    }
    const send = spans.find(({ name }) => name === 'send user_signup')
    expect(send).toMatchObject({ parentSpanId: callerSpan, kind: 4, resource: { 'service.name': 'producer' } })
    for (const span of spans.filter(({ name }) => name === 'process user_signup')) {
      expect(span).toMatchObject({
        parentSpanId: send?.spanId,
        kind: 5,
        links: [{ traceId: callerTrace, spanId: send?.spanId }],
      })
      expect(spans.some(({ name, parentSpanId }) => name === 'ack user_signup' && parentSpanId === span.spanId)).toBe(
        true,
      )
    }
  })

  it('the lines of a message carry its trace, and the span of the run that wrote them', async () => {
    const id = await publish()
    const logs = await until('a line of each consumer', async () => logsOf(id).length >= 2 && logsOf(id), 90_000)
    const spans = await until('spans', async () => spansOf(id).length >= 7 && spansOf(id), 90_000)
    for (const log of logs) {
      const run = spans.find(({ spanId }) => spanId === log.spanId)
      expect(run).toMatchObject({ name: 'process user_signup', traceId: log.traceId, resource: log.resource })
    }
    expect(new Set(logs.map(({ resource }) => resource['service.name']))).toEqual(
      new Set(['consumer-email', 'consumer-db']),
    )
  })

  it('web and sidecars export their own lines too', async () => {
    await until('lines of all', async () => {
      const instances = new Set(receiver.logs.map(({ resource }) => resource['service.instance.id']))
      return ['web', 'producer.sidecar', 'consumer-db.sidecar', 'producer-1', 'consumer-email-1'].every((one) =>
        instances.has(one),
      )
    })
  })

  it('a receiver that is away stops nothing; what it missed comes when it is back, and both are reported', async () => {
    const { port } = receiver
    await receiver.close()
    const id = await publish()
    await until('the effect all the same', async () => {
      const journey = (await (await fetch(`${lab.url}/api/messages/${id}`)).json()) as {
        obligations: { state: string }[]
      }
      return journey.obligations.length === 2 && journey.obligations.every(({ state }) => state === 'delivered')
    })
    await until('waiting spans in the metrics of web', async () =>
      /faultline_export_queued\{signal="spans"\} [1-9]/.test(await (await fetch(`${lab.url}/metrics`)).text()),
    )
    receiver = await startOtlpReceiver(port)
    await until('its spans', async () => spansOf(id).length >= 7, 120_000)
    await until('its lines', async () => logsOf(id).length >= 2, 120_000)
    expect(await (await fetch(`${lab.url}/metrics`)).text()).toContain(
      'faultline_export_dropped_total{signal="spans",reason="queue_full"} 0',
    )
  }, 300_000)
})
