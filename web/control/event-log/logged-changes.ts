import type { Audit } from '../audit/audit.ts'
import type { Services } from '../lab/services.ts'
import type { Subscriptions } from '../lab/subscriptions.ts'
import { auditEntry } from './acts.ts'
import type { EventLog } from './event-log.ts'

type Log = Pick<EventLog, 'add'>

/** The audit, with what it came to in the event log. One that has no answer leaves no entry. */
export const loggedAudit = (audit: Audit, events: Log): Audit => ({
  ...audit,
  async run(timeoutMs, gone) {
    const report = await audit.run(timeoutMs, gone)
    events.add(auditEntry(report))
    return report
  },
})

/** The subscriptions, with each change in the event log. */
export const loggedSubscriptions = (subscriptions: Subscriptions, events: Log): Subscriptions => ({
  ...subscriptions,
  async change(consumer, input) {
    const changed = await subscriptions.change(consumer, input)
    const types = Object.keys(input.retryPolicyByType ?? {})
    const what = [
      ...(input.retryPolicy === undefined ? [] : ['the retry policy for all types']),
      ...(types.length === 0 ? [] : [`the retry policy for ${types.join(', ')}`]),
      ...(input.eventTypes === undefined
        ? []
        : [`what it subscribes to: ${changed.eventTypes.join(', ') || 'nothing'}`]),
    ]
    if (what.length > 0) {
      events.add({
        kind: 'change',
        level: 'info',
        message: `${consumer}: changed ${what.join('; ')}`,
        subject: consumer,
      })
    }
    return changed
  },
})

/** The services, with each change of a number of replicas in the event log. */
export const loggedServices = (services: Services, events: Log): Services => ({
  ...services,
  async scale(name, replicas) {
    const before = services.list().find((service) => service.name === name)?.wanted
    const service = await services.scale(name, replicas)
    const from = before === undefined ? '' : ` from ${before}`
    if (before !== replicas) {
      const message = `${name} is scaled${from} to ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`
      events.add({ kind: 'change', level: 'info', message, subject: name })
    }
    return service
  },
})
