import { isDeepStrictEqual } from 'node:util'
import type { LabObstacle, LabPlanLine } from '#contracts/api/lab.ts'
import { isProducer } from '#contracts/lab.ts'
import type { LabDeclaration, ServiceDeclaration } from '#contracts/lab-declaration.ts'
import { bodyLine } from '../topology/body-line.ts'
import { serviceChanges } from './service-change.ts'

type Line = LabPlanLine

/** What a change of the lab does, line by line: services, queues, events, flows. `held` is what services that go still hold. */
export function planLines(before: LabDeclaration, after: LabDeclaration, held: readonly LabObstacle[]): Line[] {
  const { added, removed, restarted, scaled, kept } = serviceChanges(before, after)
  const former = new Map(before.services.map((service) => [service.name, service]))
  const firstSent = newlySent(before, after)
  return [
    ...(before.name === after.name ? [] : [line('~', 'lab', after.name, `was called ${before.name}`, 'renamed')]),
    ...added.flatMap((service) => addedLines(service)),
    ...removed.flatMap((service) => removedLines(service, held)),
    ...restarted.flatMap((service) => [
      line(
        '~',
        'service',
        service.name,
        changedWords(former.get(service.name), service) || 'started with other settings',
        'restarted',
      ),
      ...queueLines(former.get(service.name), service),
    ]),
    ...scaled.flatMap((service) => [
      line('~', 'service', service.name, changedWords(former.get(service.name), service), 'scaled'),
      ...queueLines(former.get(service.name), service),
    ]),
    ...kept.flatMap((service) => keptLines(former.get(service.name), service, firstSent)),
    ...eventLines(before, after),
    ...flowLines(before, after),
  ]
}

const line = (mark: Line['mark'], what: Line['what'], name: string, change: string, onApply: string): Line => ({
  ...{ mark, what, name, change, onApply },
})

function addedLines(service: ServiceDeclaration): Line[] {
  const { name, replicas, receives, body } = service
  const where = body.kind === 'program' ? ` in ${body.directory}` : ''
  const what = `${replicas === 1 ? '1 replica' : `${replicas} replicas`} of ${bodyLine(body)}${where}`
  if (isProducer(service)) return [line('+', 'service', name, what, 'started')]
  const takes = `takes ${receives.join(', ')} from now on; retries and dead letters come with it`
  return [line('+', 'service', name, what, 'started'), line('+', 'queue', name, takes, 'made')]
}

function removedLines({ name, body, receives }: ServiceDeclaration, held: readonly LabObstacle[]): Line[] {
  const gone = line('-', 'service', name, bodyLine(body), 'stopped')
  if (receives.length === 0) return [gone]
  const holds = held.find(({ service }) => service === name)
  if (holds === undefined) return [gone, line('-', 'queue', name, 'holds nothing', 'deleted')]
  const what = `holds ${holds.unsettled} unsettled messages and ${holds.deadLetters} dead letters`
  return [gone, line('=', 'queue', name, what, 'stays, unread')]
}

function keptLines(
  former: ServiceDeclaration | undefined,
  service: ServiceDeclaration,
  sent: ReadonlySet<string>,
): Line[] {
  const { name, receives } = service
  const queue = queueLines(former, service)
  const words = changedWords(former, service)
  if (words !== '') return [line('~', 'service', name, words, 'stays up'), ...queue]
  const first = receives.filter((type) => sent.has(type))
  const change = first.length > 0 ? `gets its first sender of ${first.join(', ')}` : 'not touched'
  return [line('=', 'service', name, change, 'stays up'), ...queue]
}

/** What of a service has changed, but for what it receives; empty if nothing has. */
function changedWords(former: ServiceDeclaration | undefined, service: ServiceDeclaration): string {
  if (former === undefined) return ''
  const words: string[] = []
  const say = (isOther: boolean, text: string): void => void (isOther && words.push(text))
  const isOther = (key: keyof ServiceDeclaration): boolean => !isDeepStrictEqual(former[key], service[key])
  const bodies = [bodyLine(former.body), bodyLine(service.body)]
  say(
    isOther('body'),
    bodies[0] === bodies[1] ? `another setting of ${bodies[0]}` : `${bodies[0]} becomes ${bodies[1]}`,
  )
  say(isOther('replicas'), `${former.replicas} replicas become ${service.replicas}`)
  say(isOther('sends'), `sends ${service.sends.join(', ') || 'nothing'}`)
  say(isOther('idempotent'), service.idempotent ? 'promises a single effect' : 'promises no single effect')
  say(isOther('retry'), 'another retry policy')
  say(isOther('concurrency'), `${service.concurrency} events at a time`)
  say(isOther('check'), 'another way to look up its effect')
  return words.join('; ')
}

function queueLines(former: ServiceDeclaration | undefined, service: ServiceDeclaration): Line[] {
  const [was, is] = [former?.receives ?? [], service.receives]
  const more = is.filter((type) => !was.includes(type))
  const less = was.filter((type) => !is.includes(type))
  if (more.length + less.length === 0) return []
  const words = [
    ...(more.length > 0 ? [`takes ${more.join(', ')} from now on`] : []),
    ...(less.length > 0 ? [`takes ${less.join(', ')} no more`] : []),
  ]
  if (was.length === 0) return [line('+', 'queue', service.name, words.join('; '), 'made')]
  return [line('~', 'queue', service.name, words.join('; '), 'wired')]
}

/** Types that somebody sends now and nobody sent before. */
function newlySent(before: LabDeclaration, after: LabDeclaration): Set<string> {
  const sent = new Set(before.services.flatMap(({ sends }) => sends))
  return new Set(after.services.flatMap(({ sends }) => sends).filter((type) => !sent.has(type)))
}

function eventLines(before: LabDeclaration, after: LabDeclaration): Line[] {
  const former = new Map(before.events.map((event) => [event.name, event]))
  const left = new Set(after.events.map(({ name }) => name))
  const lines = after.events.flatMap((event) => {
    const was = former.get(event.name)
    if (was === undefined) return [line('+', 'event', event.name, `in the topic ${event.topic}`, 'made')]
    const words = [
      ...(isDeepStrictEqual(was.schema, event.schema) ? [] : ['another schema, a version of its own']),
      ...(was.topic === event.topic ? [] : [`moves from the topic ${was.topic} to ${event.topic}`]),
      ...(was.keyField === event.keyField ? [] : [`keyed by ${event.keyField ?? 'nothing'}`]),
      ...(isDeepStrictEqual(was.email, event.email) ? [] : ['another letter']),
      ...(isDeepStrictEqual(was.table, event.table) ? [] : ['another table']),
      ...(isDeepStrictEqual(was.example, event.example) ? [] : ['another example']),
    ]
    return words.length === 0 ? [] : [line('~', 'event', event.name, words.join('; '), 'sent to all workers')]
  })
  const gone = before.events.filter(({ name }) => !left.has(name))
  const same = after.events.length - lines.length
  return [
    ...lines,
    ...gone.map(({ name }) => line('-', 'event', name, 'is declared no more', 'forgotten')),
    ...(same > 0 ? [line('=', 'event', same === 1 ? '1 event' : `${same} events`, 'as they were', 'kept')] : []),
  ]
}

function flowLines(before: LabDeclaration, after: LabDeclaration): Line[] {
  const former = new Map(before.flows.map((flow) => [flow.name, flow]))
  const left = new Set(after.flows.map(({ name }) => name))
  return [
    ...after.flows.flatMap((flow) => {
      const was = former.get(flow.name)
      if (was === undefined)
        return [line('+', 'flow', flow.name, `${flow.starts} to ${flow.ends.join(' or ')}`, 'watched')]
      return isDeepStrictEqual(was, flow)
        ? []
        : [
            line(
              '~',
              'flow',
              flow.name,
              `${flow.starts} to ${flow.ends.join(' or ')} within ${flow.withinMs} ms`,
              'watched',
            ),
          ]
    }),
    ...before.flows.flatMap(({ name }) =>
      left.has(name) ? [] : [line('-', 'flow', name, 'is declared no more', 'forgotten')],
    ),
  ]
}
