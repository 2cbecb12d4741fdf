import { z } from 'zod'
import { burst } from '#contracts/burst.ts'
import { deadLetter, redrive } from '#contracts/dead-letter.ts'
import { problem } from '#contracts/errors.ts'
import { eventLogEntry } from '#contracts/event-log.ts'
import { eventTypeItem } from '#contracts/event-type.ts'
import { fault, faultCatalogueItem } from '#contracts/faults/fault.ts'
import { journey, messageRow } from '#contracts/journey.ts'
import { labBroker } from '#contracts/lab-broker.ts'
import { ledgerReport } from '#contracts/ledger.ts'
import { serviceStatus } from '#contracts/live-protocol.ts'
import { outboxEmail, outboxRow } from '#contracts/outbox.ts'
import { subscription } from '#contracts/retry-policy.ts'
import { topology } from '#contracts/topology.ts'

/** Schemas that have a name in the OpenAPI description and are referred to; every other one stands where it is used. */
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
namedSchemas.add(ledgerReport, { id: 'Ledger' })
namedSchemas.add(serviceStatus, { id: 'Service' })
namedSchemas.add(outboxEmail, { id: 'Email' })
namedSchemas.add(outboxRow, { id: 'Row' })
namedSchemas.add(subscription, { id: 'Subscription' })
namedSchemas.add(topology, { id: 'Topology' })

/** The body of a 204 answer. */
export const nothing = z.null()
namedSchemas.add(nothing, { description: 'Done; there is nothing to say.' })
