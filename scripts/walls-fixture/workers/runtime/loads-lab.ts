import { loadLab } from '../../contracts/load-lab.ts'

export const lab = loadLab()
