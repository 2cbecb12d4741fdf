import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'vitest'
import { compareFifo, fifoSteps } from './fifo-store.model.contract.ts'
import { journalStore } from './journal.ts'
import { memoryStore } from './memory.ts'
import { compare, steps } from './queue-store.model.contract.ts'

test('Q1 to Q15: the memory store does what a naive list does', async () => {
  const property = fc.asyncProperty(steps(80), (some) => compare(some, (clock) => memoryStore({ clock }), false))
  await fc.assert(property, { numRuns: 300 })
})

test('Q20 Q21 Q22: so does the journalled one, opened again at any moment, with tiny files', async () => {
  const property = fc.asyncProperty(steps(50), async (some) => {
    const dir = mkdtempSync(join(tmpdir(), 'sns-sqs-property-'))
    try {
      await compare(some, (clock) => journalStore({ dir, clock, segmentBytes: 2_000 }), true)
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
  await fc.assert(property, { numRuns: 60 })
}, 60_000)

test('Q30 to Q37: FIFO queues do what naive lists do', async () => {
  const property = fc.asyncProperty(fifoSteps(80), (some) =>
    compareFifo(some, (clock) => memoryStore({ clock }), false),
  )
  await fc.assert(property, { numRuns: 300 })
}, 60_000)

test('Q20 Q30 to Q37: so do journalled ones, opened again at any moment, with tiny files', async () => {
  const property = fc.asyncProperty(fifoSteps(50), async (some) => {
    const dir = mkdtempSync(join(tmpdir(), 'sns-sqs-property-'))
    try {
      await compareFifo(some, (clock) => journalStore({ dir, clock, segmentBytes: 2_000 }), true)
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
  await fc.assert(property, { numRuns: 60 })
}, 60_000)
