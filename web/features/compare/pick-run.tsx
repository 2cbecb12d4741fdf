'use client'

import { useId } from 'react'
import type { RunItem } from '#contracts/api/run.ts'
import { setParams } from '#web/live/url-state.ts'
import { Select } from '#web/ui/field.tsx'
import { brokerLabel } from '../runs/run-words.ts'
import { dayAndTime } from '../words/figures.ts'
import { RunLetter } from './run-letter.tsx'
import { useUploadedRuns } from './uploaded-runs.ts'

const openFile = 'open a file'

interface PickRunProps {
  side: 'a' | 'b'
  value: string | undefined
  runs: readonly RunItem[]
}

/** Chooses A or B: a run of this lab that has ended, or a journal of another machine. */
export function PickRun({ side, value, runs }: PickRunProps) {
  const id = useId()
  const { runs: uploaded, add } = useUploadedRuns()
  const choose = (name: string): void => setParams({ [side]: name }, { replace: true })
  const known = value === undefined || uploaded[value] !== undefined || runs.some((run) => run.id === value)
  return (
    <div className="flex min-w-0 items-center gap-2">
      <RunLetter side={side} />
      <Select
        aria-label={`Run ${side.toUpperCase()}`}
        boxClass="min-w-0 max-w-120"
        value={value ?? ''}
        onChange={({ target }) => {
          if (target.value === openFile) document.getElementById(id)?.click()
          else choose(target.value)
        }}
      >
        <option value="" disabled>
          Choose a run
        </option>
        {known ? null : <option value={value}>{value}</option>}
        {runs.map((run) => (
          <option key={run.id} value={run.id}>
            {run.name}, {brokerLabel(run.broker)}, seed {run.seed}, {run.verdict}, {dayAndTime(run.startedAt)}
          </option>
        ))}
        {Object.entries(uploaded).map(([name, { run }]) => (
          <option key={name} value={name}>
            file: {run.name}, {brokerLabel(run.broker)}, seed {run.seed}, {run.verdict}
          </option>
        ))}
        <option value={openFile}>Open a journal…</option>
      </Select>
      <input
        id={id}
        type="file"
        className="hidden"
        accept=".jsonl,.ndjson,application/x-ndjson"
        aria-label={`Journal of run ${side.toUpperCase()}`}
        onChange={async ({ target }) => {
          const [file] = target.files ?? []
          target.value = ''
          const name = file && (await add(file))
          if (name !== undefined) choose(name)
        }}
      />
    </div>
  )
}
