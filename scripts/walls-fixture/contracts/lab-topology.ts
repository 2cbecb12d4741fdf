export const labTopology = {}
