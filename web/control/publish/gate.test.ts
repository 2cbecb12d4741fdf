import { expect, it } from 'vitest'
import { createGate } from './gate.ts'

it('says why nothing may start, for as long as it is closed', () => {
  const gate = createGate()
  expect(gate.refusal()).toBeUndefined()
  gate.close('the lab moves')
  gate.close('workers go back')
  expect(gate.refusal()).toBe('workers go back')
  gate.open()
  expect(gate.refusal()).toBeUndefined()
})

it('adds up what its sources have in flight, and asks those to end that can', async () => {
  const gate = createGate()
  let bursts = ['burst-1', 'burst-2']
  gate.add({ inFlight: (type) => ({ publishes: type === undefined ? 3 : 1 }) })
  gate.add({
    inFlight: () => ({ bursts }),
    async stop() {
      bursts = []
    },
  })
  gate.add({ inFlight: () => ({ publishes: 1, redrives: ['redrive-1'] }) })
  expect(gate.inFlight()).toEqual({ publishes: 4, bursts: ['burst-1', 'burst-2'], redrives: ['redrive-1'] })
  expect(gate.inFlight('order_placed').publishes).toBe(2)
  await gate.stopSources()
  expect(gate.inFlight().bursts).toEqual([])
})

it('passes on that a source could not be reached', async () => {
  const gate = createGate()
  gate.add({ inFlight: () => ({}), stop: () => Promise.reject(new Error('no answer')) })
  await expect(gate.stopSources()).rejects.toThrow('no answer')
})
