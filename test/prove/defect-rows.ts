import { chainRows } from './rows/chain-rows.ts'
import type { DefectRow } from './rows/defect-row.ts'
import { effectRows } from './rows/effect-rows.ts'
import { publishingRows } from './rows/publishing-rows.ts'
import { settlingRows } from './rows/settling-rows.ts'

/** A row for every defect. */
export const defectRows: readonly DefectRow[] = [...settlingRows, ...publishingRows, ...effectRows, ...chainRows]
