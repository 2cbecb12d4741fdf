import { readLabFile } from '../../contracts/lab-file/read-lab-file.ts'

export const lab = readLabFile()
