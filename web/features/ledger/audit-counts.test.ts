import { describe, expect, it } from 'vitest'
import type { AuditReport, Disagreement } from '#contracts/api/audit.ts'
import { countRowsOf, findingRowsOf, listedFindings } from './audit-counts.ts'

const differs: Disagreement = {
  ...{ kind: 'effect_differs', weight: 'fail', group: 'consumer-db', count: 3, samples: ['a', 'b', 'c'] },
  detail: 'the row does not say what its event says: total',
  differences: [
    { id: 'a', field: 'total', expected: '138.00', actual: '13800.00' },
    { id: 'a', field: 'items[1].qty', expected: '2', actual: '20' },
    { id: 'b', field: 'total', expected: '1', actual: '2' },
  ],
}
const second: Disagreement = {
  ...{ kind: 'effect_duplicated', weight: 'note', group: 'consumer-email', count: 3, samples: ['d'], detail: 'again' },
}
const report = (more: Partial<AuditReport> = {}): AuditReport =>
  ({
    ...{ drained: true, disagreements: [differs, second] },
    contents: [{ group: 'consumer-db', compared: 40, notCompared: 2 }],
    witnesses: {
      telemetry: {
        delivered: { 'consumer-email': 90, 'consumer-db': 80 },
        deadLettered: { 'consumer-db': 2 },
        unsettled: 0,
      },
      broker: { queues: [{ group: 'consumer-db', visible: 0, inFlight: 0, delayed: 0, deadLetters: 2 }] },
      effects: {
        groups: [
          { group: 'consumer-email', kind: 'email', effects: 93, messages: 90, foreign: 0 },
          { group: 'consumer-db', kind: 'row', effects: 80, messages: 80, foreign: 0 },
        ],
      },
    },
    ...more,
  }) as AuditReport

describe('the counts of an audit', () => {
  it('have a column a witness, with the arithmetic in the cell', () => {
    expect(countRowsOf(report())).toMatchObject([
      { key: 'consumer-db delivered', telemetry: '80', broker: '0 left', effects: '80 rows', differ: 0 },
      { key: 'consumer-db dead', telemetry: '2', broker: '2', effects: '–', differ: 0 },
      { key: 'consumer-email delivered', broker: '–', effects: '93 mails − 3 second = 90', differ: 0 },
      { key: 'consumer-email dead', telemetry: '0', broker: '–' },
      { key: 'contents', effects: '40 effects, 2 not', differ: 3, explained: 0 },
    ])
  })

  it('agree on nothing where nothing was compared', () => {
    const rows = countRowsOf(report({ drained: false, disagreements: [] }))
    expect(rows.map(({ differ }) => differ)).toEqual(rows.map(() => undefined))
  })

  it('count what differs where it belongs, and what is explained beside it', () => {
    const dead: Disagreement = {
      ...second,
      kind: 'dead_letters_differ',
      weight: 'fail',
      group: 'consumer-db',
      count: 2,
    }
    const gone: Disagreement = { ...dead, kind: 'message_gone', count: 5 }
    const explained: Disagreement = { ...second, kind: 'alteration_explained', count: 4 }
    expect(countRowsOf(report({ disagreements: [dead, gone, explained] })).map((row) => row.differ)).toEqual([
      // The broker does not tell of the queue of consumer-email.
      ...[5, 2, 0, undefined, 0],
    ])
    expect(countRowsOf(report({ disagreements: [explained] })).at(-1)).toMatchObject({ differ: 0, explained: 4 })
  })

  it('say what could not be compared as that, and a breach only where one is proven', () => {
    const unread: Disagreement = { ...differs, kind: 'content_not_compared', weight: 'doubt', count: 7 }
    const contents = (disagreements: Disagreement[]) => countRowsOf(report({ disagreements })).at(-1)
    expect(contents([unread])).toMatchObject({ differ: 0, isBreach: false, notCompared: 7 })
    expect(contents([{ ...differs, weight: 'doubt' }])).toMatchObject({ differ: 3, isBreach: false })
    expect(contents([unread, differs])).toMatchObject({ differ: 3, isBreach: true, notCompared: 7 })
    expect(countRowsOf(report({ contents: [], disagreements: [unread] })).at(-1)).toMatchObject({
      ...{ differ: undefined, notCompared: 7 },
    })
  })

  it('agree on no group where only telemetry reports it, and have a row for what no group is concerned by', () => {
    const absent: Disagreement = {
      ...{ kind: 'witness_absent', weight: 'doubt', count: 1, samples: [], detail: 'the broker could not be asked' },
    }
    const stray: Disagreement = { ...absent, kind: 'row_without_inbox', count: 2, samples: ['x', 'y'] }
    const { telemetry } = report().witnesses
    const silent = { disagreements: [absent], witnesses: { telemetry, broker: null, effects: null } }
    const rows = countRowsOf(report(silent))
    expect(rows.slice(0, 4).map(({ differ }) => differ)).toEqual([undefined, undefined, undefined, undefined])
    expect(rows.at(4)).toMatchObject({ key: 'elsewhere', differ: undefined, notCompared: 1 })
    expect(countRowsOf(report({ disagreements: [stray] })).find(({ key }) => key === 'elsewhere')).toMatchObject({
      ...{ differ: 2, isBreach: false, notCompared: 0 },
    })
    expect(countRowsOf(report()).some(({ key }) => key === 'elsewhere')).toBe(false)
    const owing: Disagreement = { ...stray, kind: 'message_gone', weight: 'fail', group: 'audit' }
    expect(countRowsOf(report({ disagreements: [owing] })).at(0)).toMatchObject({
      ...{ key: 'audit delivered', telemetry: '0', broker: '–', effects: '–', differ: 2, isBreach: true },
    })
  })
})

describe('the findings of an audit', () => {
  it('are a row a field, then a row a message that no field is named of, the grave ones first', () => {
    expect(findingRowsOf([second, differs], 'all').map(({ id, field, actual }) => [id, field, actual])).toEqual([
      ['a', 'total', '13800.00'],
      ['a', 'items[1].qty', '20'],
      ['b', 'total', '2'],
      ['c', '', ''],
      ['d', '', ''],
    ])
    expect(findingRowsOf([second, differs], 'effect_duplicated')).toHaveLength(1)
    expect(findingRowsOf([{ ...second, samples: [] }], 'all')).toMatchObject([{ id: undefined, actual: '3' }])
  })

  it('say how many were counted beyond the messages that are named', () => {
    const samples = Array.from({ length: 100 }, (_, index) => `m${index}`)
    const rows = findingRowsOf([{ ...second, samples, count: 5_000 }], 'all')
    expect(rows).toHaveLength(101)
    expect(rows.at(-1)).toMatchObject({ id: undefined, more: 4_900 })
  })

  it('are bounded', () => {
    const many = Array.from({ length: 10 }, (_, line) => ({
      ...second,
      samples: Array.from({ length: 100 }, (_, index) => `${line}-${index}`),
    }))
    expect(findingRowsOf(many, 'all')).toHaveLength(listedFindings)
  })
})
