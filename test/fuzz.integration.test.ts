import { expect, test } from 'vitest'
import { fuzzApi } from './fuzz/fuzz-api.ts'
import { startLab } from './lab.ts'

test('5,000 hostile requests: no failure of the control plane, and every refusal names the place', {
  timeout: 600_000,
}, async () => {
  const lab = await startLab()
  try {
    const { problems, sent, reached, statuses } = await fuzzApi(lab.url, { requests: 5_000, seed: 1 })
    expect(problems).toEqual([])
    expect(sent).toBe(5_000)
    expect(statuses[500]).toBeUndefined()
    // It got beyond the checks of the form.
    for (const operation of ['publishEvent', 'createEventType', 'startBurst', 'injectFault', 'changeSubscription'])
      expect([operation, reached[operation]?.taken]).toEqual([operation, expect.toSatisfy((taken) => taken > 0)])
    // The process that was asked first is the one that answers now.
    expect(lab.output()).not.toMatch(/web ended/)
    expect((await fetch(`${lab.url}/healthz`)).status).toBe(200)
  } finally {
    await lab.stop()
  }
})
