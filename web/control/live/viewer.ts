import { eventLogInSnapshot } from '#contracts/api/event-log.ts'
import type { LabBroker } from '#contracts/api/lab-broker.ts'
import { type LiveFrame, logLinesPerFrame, type ServiceStatus, type Snapshot, type Watch } from '#contracts/api/live.ts'
import { rowView } from '../journeys/journey-view.ts'
import { withBusiest } from '../metrics/busiest-groups.ts'
import { FollowedRun } from './followed-run.ts'
import type { LiveSources, SharedFrame } from './live-sources.ts'
import { changesSince } from './steady.ts'
import { Tail } from './tail.ts'

/** What a viewer has seen, and thus what its next frame has to say. Holds no message of its own. */
export class Viewer {
  readonly #sources: LiveSources
  #seq = 0
  #topologyRevision = -1
  #broker: LabBroker | undefined
  #chartNumber = 0
  #eventSeq = 0
  #sent:
    | (Pick<SharedFrame, 'states' | 'nodes' | 'edges'> & {
        services: Record<string, ServiceStatus>
        groups: SharedFrame['ledgerGroups']
      })
    | undefined
  #tail: { filter: string; tail: Tail } | undefined
  /** Watched rows, and the revision of each that was sent. */
  #rows = new Map<string, number>()
  #message: { id: string; revision: number } | undefined
  #logs: { service: string; after: number } | undefined
  #run: { asked: string; followed: FollowedRun } | undefined

  constructor(sources: LiveSources) {
    this.#sources = sources
  }

  watch({ tail, rows, message, logs, run }: Watch): void {
    const filter = tail === null ? undefined : JSON.stringify(tail)
    if (filter !== this.#tail?.filter) {
      this.#tail =
        tail === null || filter === undefined ? undefined : { filter, tail: new Tail(tail, this.#sources.order) }
    }
    this.#rows = new Map(rows.map((id) => [id, this.#rows.get(id) ?? -1]))
    if (message !== (this.#message?.id ?? null)) {
      this.#message = message === null ? undefined : { id: message, revision: -1 }
    }
    if (logs !== (this.#logs?.service ?? null)) {
      this.#logs = logs === null ? undefined : { service: logs, after: this.#beforeNewestLines(logs) }
    }
    // A viewer that asks for the same again goes on where it is; one that has read the journal again says from where.
    const asked = JSON.stringify(run)
    if (asked !== this.#run?.asked) this.#run = run === null ? undefined : { asked, followed: new FollowedRun(run) }
  }

  /** Everything; the following frames go on from here. */
  snapshot(shared: SharedFrame): Snapshot {
    this.#topologyRevision = -1
    this.#chartNumber = 0
    this.#eventSeq = 0
    this.#broker = undefined
    this.#sent = undefined
    for (const id of this.#rows.keys()) this.#rows.set(id, -1)
    if (this.#message) this.#message.revision = -1
    if (this.#logs) this.#logs.after = this.#beforeNewestLines(this.#logs.service)
    return {
      ...this.frame(shared),
      topology: shared.topology,
      broker: shared.broker,
      lab: this.#sources.lab(),
      sparks: this.#sources.sparks(),
    }
  }

  /** What changed since the last frame. */
  frame(shared: SharedFrame): LiveFrame {
    const { topology, topologyRevision, broker, ledgerGroups: _, ...common } = shared
    const frame: LiveFrame = {
      ...{ seq: this.#seq, ...common, ...this.#changes(shared), charts: this.#newPoints(), events: this.#newEvents() },
    }
    this.#seq += 1
    if (topologyRevision !== this.#topologyRevision) {
      this.#topologyRevision = topologyRevision
      frame.topology = topology
    }
    if (broker !== this.#broker) {
      this.#broker = broker
      frame.broker = broker
    }
    const tail = this.#tail?.tail.take(this.#sources.order)
    if (tail) frame.tail = tail
    this.#addRows(frame)
    this.#addMessage(frame)
    this.#addLogs(frame)
    const run = this.#run?.followed.take(this.#sources.runs)
    if (run) frame.run = run
    return frame
  }

  /** What of the many is new to this viewer; all of it where something that it knows is no more. */
  #changes(shared: SharedFrame): Pick<LiveFrame, 'whole' | 'states' | 'nodes' | 'edges' | 'services' | 'ledger'> {
    const { states, nodes, edges, ledgerGroups } = shared
    const services = Object.fromEntries(shared.services.map((service) => [service.name, service]))
    const sent = this.#sent
    this.#sent = { states, nodes, edges, services, groups: ledgerGroups }
    if (sent !== undefined) {
      const changed = {
        states: changesSince(sent.states, states),
        nodes: changesSince(sent.nodes, nodes),
        edges: changesSince(sent.edges, edges),
      }
      const [newServices, groups] = [changesSince(sent.services, services), changesSince(sent.groups, ledgerGroups)]
      if (changed.states && changed.nodes && changed.edges && newServices && groups) {
        return {
          ...{ whole: false, states: changed.states, nodes: changed.nodes, edges: changed.edges },
          services: Object.values(newServices),
          ledger: { ...shared.ledger, groups: Object.values(groups) },
        }
      }
    }
    return { whole: true, states, nodes, edges, services: shared.services, ledger: shared.ledger }
  }

  #newPoints(): LiveFrame['charts'] {
    const { points, last } = this.#sources.charts()
    const count = Math.min(last - this.#chartNumber, points.length)
    this.#chartNumber = last
    return count === 0 ? [] : points.slice(-count).map(withBusiest)
  }

  #newEvents(): LiveFrame['events'] {
    const events = this.#sources.events.since(this.#eventSeq, eventLogInSnapshot)
    this.#eventSeq = events.at(-1)?.seq ?? this.#eventSeq
    return events
  }

  #addRows(frame: LiveFrame): void {
    const rows: LiveFrame['rows'] = []
    for (const [id, sent] of this.#rows) {
      const journey = this.#sources.find(id)
      if (!journey || journey.order < 0 || journey.revision === sent) continue
      this.#rows.set(id, journey.revision)
      rows.push(rowView(journey))
    }
    if (rows.length > 0) frame.rows = rows
  }

  #addMessage(frame: LiveFrame): void {
    if (!this.#message) return
    const journey = this.#sources.find(this.#message.id)
    if (!journey || journey.revision === this.#message.revision) return
    this.#message.revision = journey.revision
    frame.message = this.#sources.view(journey)
  }

  /** Number of the line before those that one frame holds. */
  #beforeNewestLines(service: string): number {
    return Math.max(this.#sources.logs.last(service) - logLinesPerFrame, 0)
  }

  #addLogs(frame: LiveFrame): void {
    if (!this.#logs) return
    const { service, after } = this.#logs
    const { lines, skipped, last } = this.#sources.logs.since(service, after, logLinesPerFrame)
    this.#logs.after = last
    if (lines.length > 0) frame.logs = { service, lines, skipped }
  }
}
