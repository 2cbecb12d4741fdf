import { appendFileSync } from 'node:fs'
import type { DefectName, Harm } from '#contracts/defects.ts'
import type { HarmLog } from './defect.ts'

/** Appends to `file`, written before a call returns; without a file it says nothing. */
export function openHarmLog(options: {
  file: string | undefined
  instance: string
  defect: DefectName
  /** Epoch milliseconds. */
  now: () => number
}): HarmLog {
  const { file, instance, defect, now } = options
  const write = (what: Harm['what'], ids: readonly string[]): void => {
    if (file === undefined || ids.length === 0) return
    const at = now()
    appendFileSync(
      file,
      ids.map((id) => `${JSON.stringify({ at, instance, defect, id, what } satisfies Harm)}\n`).join(''),
    )
  }
  return { harmed: (...ids) => write('harmed', ids), mended: (...ids) => write('mended', ids) }
}
