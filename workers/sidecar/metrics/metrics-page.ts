import { hostname } from 'node:os'
import { isLoopback } from '#contracts/host-port.ts'
import type { AgentStatus, ReplicaStatus } from '#contracts/protocols/agent.ts'
import type { Meters } from '#monitoring/metrics/meters.ts'
import { type Fitness, type MetricsServer, startMetricsServer } from './metrics-server.ts'
import { createScrapeGuard } from './scrape-guard.ts'

/** Serves figures and health of a sidecar where its environment says. Rejects with a sentence where the port cannot be had. */
export const openMetricsPage = (
  env: {
    metrics: { host: string; port: number }
    service: string
    allowedHosts: string[]
    token: string | undefined
  },
  meters: Meters,
  status: () => AgentStatus,
): Promise<MetricsServer> =>
  startMetricsServer({
    ...env.metrics,
    name: env.service,
    guard: createScrapeGuard({
      names: [env.service, hostname(), ...env.allowedHosts],
      isOpen: !isLoopback(env.metrics.host),
      token: env.token,
    }),
    meters,
    health: () => fitnessOf(status(), ['up', 'waiting-for-broker']),
    readiness: () => fitnessOf(status(), ['up']),
  })

/** Whether each replica is in one of the states; which are not, in words. */
function fitnessOf({ replicas }: AgentStatus, states: ReplicaStatus['state'][]): Fitness {
  const ill = replicas.filter(({ state }) => !states.includes(state))
  if (ill.length === 0) return { ok: true, detail: 'ok' }
  const said = ill.map(
    ({ instance, state, detail }) => `${instance} is ${state}${detail === undefined ? '' : `: ${detail}`}`,
  )
  return { ok: false, detail: said.join('; ') }
}
