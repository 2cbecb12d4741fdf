import { fileURLToPath } from 'node:url'
import { loadLab } from '../load-lab.ts'
import { defaultLabFile } from './choose-lab-file.ts'

export const defaultLab = await loadLab(defaultLabFile(fileURLToPath(new URL('../..', import.meta.url))))
