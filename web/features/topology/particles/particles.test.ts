import { expect, test } from 'vitest'
import { mostParticles, particleFlowOf, particlesAt, thinned } from './particles.ts'

test('particles move only with traffic and are at most twelve on an edge', () => {
  expect(particleFlowOf({ ratePerSecond: 0, total: 5 }, { from: 'a', to: 'b' }).count).toBe(0)
  const flow = particleFlowOf(
    { ratePerSecond: 50_000, total: 5, p50Ms: 4, retriesPerSecond: 25_000 },
    { from: 'a', to: 'b' },
  )
  expect(flow.count).toBe(mostParticles)
  expect(thinned(flow, 56)?.count).toBe(4)
  const origin = { x: 0, y: 0 }
  const end = { x: 100, y: 0 }
  const edge = {
    edge: { id: 'a->b', from: 'a', to: 'b', declared: true, observed: true },
    stops: [1],
    path: '',
    head: '',
    middle: origin,
    labelRoom: 0,
    length: 100,
  }
  const particles = particlesAt({ ...edge, curves: [[origin, origin, end, end]] }, flow, 0.4)
  expect(particles).toHaveLength(mostParticles)
  expect(particles.filter((one) => one.kind === 'retry')).toHaveLength(mostParticles / 2)
})
