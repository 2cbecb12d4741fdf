import { brokerRoutes } from './routes/broker-routes.ts'
import { burstRoutes } from './routes/burst-routes.ts'
import { chartRoutes } from './routes/chart-routes.ts'
import { deadLetterRoutes } from './routes/dead-letter-routes.ts'
import { eventLogRoutes } from './routes/event-log-routes.ts'
import { eventTypeRoutes } from './routes/event-type-routes.ts'
import { faultRoutes } from './routes/fault-routes.ts'
import { flowRoutes } from './routes/flow-routes.ts'
import { historyRoutes } from './routes/history-routes.ts'
import { labRoutes } from './routes/lab-routes.ts'
import { ledgerRoutes } from './routes/ledger-routes.ts'
import { messageRoutes } from './routes/message-routes.ts'
import { healthRoutes } from './routes/operation/health-routes.ts'
import { metricsRoutes } from './routes/operation/metrics-routes.ts'
import { problemRoutes } from './routes/operation/problem-routes.ts'
import { otlpRoutes } from './routes/otlp-routes.ts'
import { outboxRoutes } from './routes/outbox-routes.ts'
import { publishRoutes } from './routes/publish-routes.ts'
import { queueRoutes } from './routes/queue-routes.ts'
import { recordingRoutes } from './routes/scenarios/recording-routes.ts'
import { runRoutes } from './routes/scenarios/run-routes.ts'
import { serviceRoutes } from './routes/service-routes.ts'
import { subscriptionRoutes } from './routes/subscription-routes.ts'
import { topologyRoutes } from './routes/topology-routes.ts'
import type { ZodApp } from './zod-app.ts'

/** What the routes of the API are served from. A new file of routes adds itself to this list. */
const routes = [
  publishRoutes,
  burstRoutes,
  messageRoutes,
  flowRoutes,
  ledgerRoutes,
  topologyRoutes,
  labRoutes,
  eventTypeRoutes,
  subscriptionRoutes,
  serviceRoutes,
  faultRoutes,
  runRoutes,
  recordingRoutes,
  deadLetterRoutes,
  eventLogRoutes,
  brokerRoutes,
  outboxRoutes,
  historyRoutes,
  healthRoutes,
  chartRoutes,
  metricsRoutes,
  otlpRoutes,
  problemRoutes,
  queueRoutes,
] as const

type SurfaceTaker<Routes> = Routes extends (app: ZodApp, surface: infer Surface) => void
  ? (surface: Surface) => void
  : never

/** All that the routes need, by its name. */
export type ApiSurface =
  SurfaceTaker<(typeof routes)[number]> extends (surface: infer Surface) => void ? Surface : never

export function addRoutes(app: ZodApp, surface: ApiSurface): void {
  for (const add of routes) add(app, surface)
}
