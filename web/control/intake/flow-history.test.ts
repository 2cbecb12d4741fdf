import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FlowHistory, flowStep } from './flow-history.fixture.ts'

it.each([
  ['while every journey is an object', 10_000, false],
  ['while all that wait are dormant', 10_000, true],
  ['while settled journeys are dropped', 5, false],
])(
  'L50 L51 L52 L2 flows agree with what follows from all that happened, at each step and after each restart, %s',
  async (_, kept, arePacked) => {
    let ended = 0
    let stalls = 0
    // Some dozens of histories end flows and stall them; by chance a dozen does not.
    for (let round = 0; round < 1 || ((ended <= 50 || stalls <= 20) && round < 10); round += 1)
      await fc.assert(
        fc.asyncProperty(fc.array(flowStep, { minLength: 40, maxLength: 100 }), async (steps) => {
          const history = new FlowHistory(kept, arePacked)
          await history.open()
          for (const step of steps) {
            await history.take(step)
            const { flows, context } = history.system
            history.look(0)
            const [figures = history.figures()] = flows.figures()
            expect(figures).toEqual(history.figures())
            expect(figures.started).toBe(figures.open + figures.ended + figures.overdue)
            const found = context.anomalies.list().find(({ name }) => name === 'stalled_flow')
            expect(found?.count ?? 0).toBe(history.stalled().length)
            ended += figures.ended
            stalls += found?.count ?? 0
          }
          await history.system.intake.close()
        }),
        { numRuns: 12 },
      )
    expect(ended).toBeGreaterThan(50)
    expect(stalls).toBeGreaterThan(20)
  },
  180_000,
)
