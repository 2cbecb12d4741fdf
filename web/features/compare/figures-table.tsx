'use client'

import { useState } from 'react'
import type { RunComparison } from '#contracts/scenario-run/compare-runs.ts'
import { type ComparedFigure, worsening } from '#contracts/scenario-run/compared-figures.ts'
import { Check, TextInput } from '#web/ui/field.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { tableClass } from '#web/ui/recipes/table.ts'
import { Status } from '#web/ui/status.tsx'
import { runView } from '../runs/run-words.ts'
import { differenceText, figureName, figureText, whyOf } from './figure-words.ts'

interface FiguresTableProps {
  comparison: RunComparison
  /** Goes to a finding, by its number from 1. */
  onWhy: (finding: number) => void
}

/** Every figure of both runs, what B has more or less, and where that is more than is tolerated. */
export function FiguresTable({ comparison, onWhy }: FiguresTableProps) {
  const { figures, findings, verdicts, checks } = comparison
  const [tolerance, setTolerance] = useState('10')
  const [all, setAll] = useState(false)
  const share = Number.parseFloat(tolerance) / 100
  const isWorse = (figure: ComparedFigure): boolean => Number.isFinite(share) && worsening(figure) > share
  const differ = figures.filter(({ a, b }) => a !== b)
  const shown = all ? figures : differ
  return (
    <section className="py-3" aria-label="Differences">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4">
        <h3 className="type-12 font-semibold">
          Differences{' '}
          <span className="ml-1 type-11 font-normal text-fg-3">{`${differ.length} of ${figures.length} differ`}</span>
        </h3>
        <span className="flex-1" />
        <Check checked={all} onChange={setAll}>
          Also what is the same
        </Check>
        <label className="flex items-center gap-1.5 type-11 text-fg-2" htmlFor="tolerance">
          Worse beyond
          <TextInput
            id="tolerance"
            boxClass="w-18"
            inputMode="decimal"
            value={tolerance}
            invalid={!Number.isFinite(share) || share < 0}
            after={<span className="text-fg-3">%</span>}
            onChange={({ target }) => setTolerance(target.value)}
          />
        </label>
      </div>
      <table className={tableClass}>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col" className="w-24 text-right! max-[1099px]:hidden">
              Wanted
            </th>
            <th scope="col" className="w-26 text-right!">
              A
            </th>
            <th scope="col" className="w-26 text-right!">
              B
            </th>
            <th scope="col" className="w-30 text-right!">
              B against A
            </th>
            <th scope="col" className="w-16 text-right!">
              Why
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>Verdict</td>
            <td className="max-[1099px]:hidden" />
            {[verdicts.a, verdicts.b].map((verdict, index) => {
              const { word, tone, glyph } = runView(verdict)
              return (
                <td key={index === 0 ? 'a' : 'b'} className="text-right">
                  <Status tone={tone} glyph={glyph}>
                    {word}
                  </Status>
                </td>
              )
            })}
            <td className="text-right">
              {checks.length === 0 ? 'same checks' : checks.length === 1 ? '1 check' : `${checks.length} checks`}
            </td>
            <td className="text-right">
              <Why numbers={whyOf('verdict', findings)} onWhy={onWhy} />
            </td>
          </tr>
          {shown.map((figure) => (
            <tr key={figure.name} data-worse={isWorse(figure) ? '' : undefined}>
              <td title={figure.name}>{figureName(figure.name)}</td>
              <td className="text-right max-[1099px]:hidden">{figure.wanted ?? ''}</td>
              <td className="text-right tabular-nums">
                <b>{figureText(figure.a, figure)}</b>
              </td>
              <td className="text-right tabular-nums">
                <b className={cn(isWorse(figure) && 'text-lost-fg!')}>{figureText(figure.b, figure)}</b>
              </td>
              <td className="text-right tabular-nums">
                {differenceText(figure)}
                {isWorse(figure) ? <span className="text-lost-fg"> worse</span> : null}
              </td>
              <td className="text-right">
                <Why numbers={whyOf(figure.name, findings)} onWhy={onWhy} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const Why = ({ numbers, onWhy }: { numbers: readonly number[]; onWhy: (finding: number) => void }) => (
  <span className="inline-flex gap-1">
    {numbers.slice(0, 2).map((number) => (
      <button
        key={number}
        type="button"
        className="inline-grid size-6 place-items-center rounded-full border border-border bg-transparent p-0 type-11 text-accent-fg hover:bg-hover"
        aria-label={`Finding ${number}`}
        onClick={() => onWhy(number)}
      >
        {number}
      </button>
    ))}
  </span>
)
