import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

/** The name that a lab file has if nobody gives it another. */
const usualName = 'faultline.yaml'

/**
 * The lab file of a start, as an absolute path: the one that was asked for, else `FAULTLINE_LAB`, else `faultline.yaml` in the folder where
 * the lab was started, else the built-in lab.
 */
export function chooseLabFile(given: {
  /** `--lab FILE`. */
  asked?: string | undefined
  /** `FAULTLINE_LAB`. */
  variable?: string | undefined
  /** Where the command was typed. Relative paths begin there. */
  folder: string
  /** Of the checkout, which has the built-in lab. */
  root: string
}): string {
  const { asked, variable, folder, root } = given
  const named = asked ?? variable
  if (named !== undefined && named !== '') return isAbsolute(named) ? named : join(folder, named)
  const usual = join(folder, usualName)
  return existsSync(usual) ? usual : defaultLabFile(root)
}

/** The built-in lab of a checkout. */
export const defaultLabFile = (root: string): string => join(root, 'labs', 'default.yaml')
