'use client'

import { useEffect, useMemo, useRef } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { useEventTypes } from '#web/features/event-types/event-types-store.ts'
import { useLive } from '#web/live/live-store.ts'
import { useParam } from '#web/live/url-state.ts'
import { useGuideMarks } from './guide-marks.ts'
import { type GuideStep, guideSteps } from './guide-steps.ts'
import { lookAtMessage, openGuide, useGuide } from './guide-store.ts'
import { guideSubject } from './guide-subject.ts'
import { type GuideView, guideView } from './guide-view.ts'

export interface OpenGuide {
  /** From 1. */
  number: number
  step: GuideStep
  view: GuideView
  /** By step: whether the lab shows what ends it. */
  done: boolean[]
}

const askEveryMs = 500

/** The number of the step that the address asks for; undefined while no experiment is open. */
export function useGuideNumber(): number | undefined {
  const asked = Number(useParam('guide') ?? Number.NaN)
  return Number.isInteger(asked) && asked >= 1 && asked <= guideSteps.length ? asked : undefined
}

/** Whether this lab has what the experiment is done with. */
export const useHasGuide = (): boolean => useLive((live) => guideSubject(live.topology, live.services) !== undefined)

/** A step over the lab as it is now; undefined if the lab has nothing that the experiment is done with. `number` is from 1. */
export function useOpenGuide(number: number): OpenGuide | undefined {
  const live = useLive(
    useShallow(({ topology, services, ledger, bursts, faults, at }) => ({
      ...{ topology, services, ledger, bursts, faults, at },
    })),
  )
  const record = useGuide((guide) => guide.record)
  useEventTypes()
  const subject = useMemo(() => guideSubject(live.topology, live.services), [live.topology, live.services])
  const step = guideSteps[number - 1]
  if (!subject || !step) return undefined
  const view = guideView(live, subject, record)
  const done = guideSteps.map((one, index) => record.ended?.includes(index + 1) || one.isDone(view))
  return { number, step, view, done }
}

/** Keeps the experiment going while its card is open: marks what is to be watched, notes what is seen, opens the next step. */
export function useGuideGoingOn({ number, step, view, done }: OpenGuide): void {
  useNotes(view)
  useGoOn(number, done)
  useEffect(() => useGuideMarks.getState().show(step.watch(view)))
  useEffect(() => () => useGuideMarks.getState().show([]), [])
}

/** Writes down what is seen only for a while, and asks for what the socket does not tell. */
function useNotes({ record, retrying }: GuideView): void {
  const message = record.handled ? undefined : record.message
  const isRetrying = record.cut !== undefined && retrying > 0 && record.retried !== true
  useEffect(() => {
    if (message === undefined) return
    const timer = setInterval(() => void lookAtMessage(message), askEveryMs)
    return () => clearInterval(timer)
  }, [message])
  const lab = useLive((live) => live.lab?.startedAt)
  const isOther = lab !== undefined && record.lab !== undefined && record.lab !== lab
  useEffect(() => {
    if (isOther) useGuide.getState().begin()
  }, [isOther])
  useEffect(() => {
    if (isRetrying) useGuide.getState().note({ retried: true })
  }, [isRetrying])
}

/** Opens the next step when the shown one ends; one that had ended before it was opened stays, to be read again. */
function useGoOn(number: number, done: readonly boolean[]): void {
  const before = useRef({ number: 0, isDone: false })
  const isDone = done[number - 1] ?? false
  useEffect(() => {
    const last = before.current
    before.current = { number, isDone }
    if (last.number !== number || last.isDone || !isDone) return
    const { record, note } = useGuide.getState()
    note({ ended: [...new Set(record.ended).add(number)] })
    if (number < guideSteps.length) openGuide(number + 1)
  }, [number, isDone])
}
