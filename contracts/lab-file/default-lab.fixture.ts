import { fileURLToPath } from 'node:url'
import { loadLab } from '../load-lab.ts'
import { defaultLabFile } from './choose-lab-file.ts'

/** The built-in lab, for tests. */
export const defaultLab = await loadLab(defaultLabFile(fileURLToPath(new URL('../..', import.meta.url))))
