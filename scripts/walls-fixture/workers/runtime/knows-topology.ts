import { labTopology } from '../../contracts/lab-topology.ts'

export const lab = labTopology
