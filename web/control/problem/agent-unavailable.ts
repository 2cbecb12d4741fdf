/** No replica of the service can take a command now. Unless it is an `AgentSilent`, none has seen it. */
export class AgentUnavailable extends Error {
  override readonly name: string = 'AgentUnavailable'
}

/** The command was handed to the sidecar and no answer came: whether it was carried out is not known. */
export class AgentSilent extends AgentUnavailable {
  override readonly name = 'AgentSilent'
}
