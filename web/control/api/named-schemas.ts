import { z } from 'zod'
import { burst } from '#contracts/api/burst.ts'
import { deadLetter, redrive } from '#contracts/api/dead-letter.ts'
import { eventLogEntry } from '#contracts/api/event-log.ts'
import { journey, messageRow } from '#contracts/api/journey.ts'
import { labBroker } from '#contracts/api/lab-broker.ts'
import { ledgerReport } from '#contracts/api/ledger.ts'
import { serviceStatus } from '#contracts/api/live.ts'
import { outboxEmail, outboxRow } from '#contracts/api/outbox.ts'
import { keyVerdict } from '#contracts/api/queues/explanation.ts'
import { run } from '#contracts/api/run.ts'
import { topology } from '#contracts/api/topology.ts'
import { subscription } from '#contracts/brokers/retry-policy.ts'
import { problem } from '#contracts/errors.ts'
import { eventTypeItem } from '#contracts/events/event-type.ts'
import { fault, faultCatalogueItem } from '#contracts/faults/fault.ts'

/** Schemas that have a name in the OpenAPI description and are referred to; every other one is where it is used. */
export const namedSchemas = z.registry<{ id?: string; description?: string }>()
namedSchemas.add(problem, { id: 'Problem' })
namedSchemas.add(burst, { id: 'Burst' })
namedSchemas.add(deadLetter, { id: 'DeadLetter' })
namedSchemas.add(redrive, { id: 'Redrive' })
namedSchemas.add(eventLogEntry, { id: 'EventLogEntry' })
namedSchemas.add(fault, { id: 'Fault' })
namedSchemas.add(faultCatalogueItem, { id: 'FaultKind' })
namedSchemas.add(eventTypeItem, { id: 'EventType' })
namedSchemas.add(journey, { id: 'Journey' })
namedSchemas.add(labBroker, { id: 'LabBroker' })
namedSchemas.add(messageRow, { id: 'MessageRow' })
namedSchemas.add(keyVerdict, { id: 'FilterKey' })
namedSchemas.add(ledgerReport, { id: 'Ledger' })
namedSchemas.add(run, { id: 'Run' })
namedSchemas.add(serviceStatus, { id: 'Service' })
namedSchemas.add(outboxEmail, { id: 'Email' })
namedSchemas.add(outboxRow, { id: 'Row' })
namedSchemas.add(subscription, { id: 'Subscription' })
namedSchemas.add(topology, { id: 'Topology' })

/** The body of a 204 answer. */
export const nothing = z.null()
namedSchemas.add(nothing, { description: 'Done; there is nothing to say.' })
