import { type TopologyDeclaration, topologyDeclaration } from './lab.ts'
import { labTopology } from './lab-topology.ts'

/**
 * Reads the topology file; the only module that does. Entry points call it once and hand the lab on as a value. Throws where the file
 * declares what no lab can be.
 */
export const loadLab = (): TopologyDeclaration => topologyDeclaration.parse(labTopology)
