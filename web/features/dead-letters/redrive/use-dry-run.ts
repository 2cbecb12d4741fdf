'use client'

import { useEffect, useState } from 'react'
import type { Redrive } from '#contracts/api/dead-letter.ts'
import type { Problem } from '#contracts/errors.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'
import { dryRun, type RedriveOptions } from './redrive-store.ts'
import type { RedriveTarget } from './redrive-target.ts'

/** Asked again so long after the last keystroke, in milliseconds. */
const afterMs = 350

export interface DryRun {
  /** The last answer, also while another is awaited. */
  redrive: Redrive | undefined
  problem: Problem | undefined
  waiting: boolean
  again: () => void
}

/** What a redrive would do, asked again whenever its target or options change. Undefined options: they cannot be asked with. */
export function useDryRun(target: RedriveTarget | undefined, options: RedriveOptions | undefined): DryRun {
  const [answer, setAnswer] = useState<{ of: string; redrive?: Redrive; problem?: Problem }>()
  const [round, setRound] = useState(0)
  const question = target && options ? writeJson([target, options, round]) : undefined
  useEffect(() => {
    if (question === undefined) return
    let gone = false
    const timer = setTimeout(async () => {
      const [of, asked] = parseExact(question) as [RedriveTarget, RedriveOptions]
      const answered = await dryRun(of, asked)
      if (!gone) setAnswer({ of: question, ...answered })
    }, afterMs)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [question])
  return {
    redrive: answer?.redrive,
    problem: answer?.problem,
    waiting: question !== undefined && answer?.of !== question,
    again: () => setRound((before) => before + 1),
  }
}
