'use client'
import { create } from 'zustand'

/** A file as the reader has it, before it is run. */
export interface ScenarioDraft {
  text: string
  /** As typed; empty: that of the file. */
  seed: string
}

interface ScenarioDrafts {
  /** By the name of the shipped scenario that each began from; a file of the reader's is under `ownFile`. */
  drafts: Record<string, ScenarioDraft>
  edit: (name: string, draft: ScenarioDraft) => void
  drop: (name: string) => void
}

/** Drafts stay while the page does, whatever else is opened; a run keeps the text that it was started with. */
export const useScenarioDrafts = create<ScenarioDrafts>()((set) => ({
  drafts: {},
  edit: (name, draft) => set(({ drafts }) => ({ drafts: { ...drafts, [name]: draft } })),
  drop: (name) => set(({ drafts: { [name]: _, ...drafts } }) => ({ drafts })),
}))

/** The greatest seed that a run takes. */
const mostSeed = 2 ** 31 - 1

/** What a typed seed is: a number, `undefined` for that of the file, or why it is not a number. */
export function seedOfText(typed: string): { seed?: number; problem?: string } {
  if (typed.trim() === '') return {}
  const seed = Number(typed)
  if (!/^\d+$/.test(typed.trim()) || seed > mostSeed)
    return { problem: `a whole number from 0 to ${mostSeed.toLocaleString('en-US')}` }
  return { seed }
}

/** A file to begin with. */
export const firstFile = `apiVersion: faultline/v1
kind: Scenario
metadata: { name: my-first, title: A first experiment }
seed: 42
phases:
  - { name: warmup, duration: 2s, arrivalRate: 10, type: order_placed }
  - { name: chaos, duration: 5s, arrivalRate: 50, type: order_placed }
  - { name: drain, until: drained, timeout: 60s }
faults:
  - { id: pause, type: process.pause, target: { service: consumer-db }, phase: chaos, startAt: 1s, duration: 2s }
invariants: [at-least-once, conservation]
assertions:
  - { id: worked-off, metric: consumer.lag, op: "==", value: 0 }
`
