import type { CheckResult } from '#contracts/api/run.ts'
import { valuesInWords } from '#contracts/scenario-run/holds.ts'
import { tableClass } from '#web/ui/recipes/table.ts'
import { Status } from '#web/ui/status.tsx'
import { durationWords } from '../../words/figures.ts'
import { kindWords, resultView } from '../run-words.ts'

/** What a check came to, in its own figures. */
const figureOf = ({ values, detail, result }: CheckResult): string =>
  Object.keys(values).length > 0 ? valuesInWords(values) : result === 'pending' ? 'not looked at yet' : (detail ?? '')

/** The checks of a run with their figures: pending ones turn to pass or fail as the lines of the journal come. */
export function ChecksTable({ checks }: { checks: readonly CheckResult[] }) {
  const held = checks.filter(({ result }) => result === 'pass').length
  return (
    <section className="min-w-0 border-b border-line py-3" aria-label="Checks">
      <h3 className="px-4 type-12 font-semibold">
        Checks <span className="ml-1 type-11 font-normal text-fg-3">{`${held} of ${checks.length} hold`}</span>
      </h3>
      {checks.length === 0 ? (
        <p className="px-4 pt-2 text-fg-3">The file has none; the audit at the end judges the run.</p>
      ) : (
        <table className={tableClass}>
          <colgroup>
            <col className="w-24 max-[599px]:hidden" />
            <col />
            <col className="w-[30%] max-[599px]:hidden" />
            <col className="w-20 max-[599px]:hidden" />
            <col className="w-30" />
          </colgroup>
          <thead className="sr-only">
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Check</th>
              <th scope="col">Found</th>
              <th scope="col">At</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {checks.map((check) => {
              const { word, tone, glyph } = resultView[check.result]
              return (
                <tr key={check.id} title={check.detail}>
                  <td className="max-[599px]:hidden">{kindWords[check.kind]}</td>
                  <td title={`${check.id}: ${check.title}`}>
                    <span className="text-fg">{check.id}</span> {check.title === check.id ? null : check.title}
                  </td>
                  <td className="text-right max-[599px]:hidden" title={check.detail}>
                    {figureOf(check)}
                  </td>
                  <td className="text-right tabular-nums max-[599px]:hidden">
                    {check.at === undefined ? '' : durationWords(check.at)}
                  </td>
                  <td>
                    <Status tone={tone} glyph={glyph}>
                      {word}
                    </Status>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </section>
  )
}
