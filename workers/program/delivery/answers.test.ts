import { expect, test } from 'vitest'
import { programProblemOf } from './problem.ts'
import { retryAfterMs } from './retry-after.ts'

test('Retry-After is seconds or a date to come', () => {
  const now = Date.parse('2026-03-14T12:00:00Z')
  expect(retryAfterMs('120', now)).toBe(120_000)
  expect(retryAfterMs('0', now)).toBe(0)
  expect(retryAfterMs('Sat, 14 Mar 2026 12:00:30 GMT', now)).toBe(30_000)
  for (const header of [undefined, '', 'soon', '-1', '1.5', 'Sat, 14 Mar 2026 11:00:00 GMT', '2026-03-14'])
    expect(retryAfterMs(header, now)).toBeUndefined()
})

const answer = (type: string, body: string) =>
  programProblemOf({
    status: 503,
    statusText: 'Service Unavailable',
    headers: { 'content-type': type },
    body: Buffer.from(body),
  })

test('an error is what a problem document says, else the status and the first line', () => {
  const problem = 'application/problem+json; charset=utf-8'
  expect(answer(problem, '{"type":"https://e.example/full","title":"Full","detail":"no room"}')).toEqual({
    ...{ type: 'https://e.example/full', message: 'Full: no room' },
  })
  expect(answer(problem, '{"type":"about:blank","title":"Full"}')).toEqual({ type: 'Full', message: 'Full' })
  for (const body of ['[]', '{"title": 5}', '{']) expect(answer(problem, body).type).toBe('Http503')
  expect(answer('text/plain', '\n  out of money \nmore')).toEqual({
    ...{ type: 'Http503', message: '503 Service Unavailable: out of money' },
  })
  expect(answer('text/html', '<html><style>p{}</style><p>Away</p>').message).toBe('503 Service Unavailable: Away')
  expect(answer('text/plain', 'at postgres://lab:hunter22@db/x').message).not.toContain('hunter22')
})

test('an answer of a megabyte is reported in a line, whatever it is made of', () => {
  const long = 'a'.repeat(1_000_000)
  for (const [type, body] of [
    ['application/problem+json', JSON.stringify({ title: long, detail: long })],
    ['text/plain', long],
    ['text/html', `<!doctype html>${'<'.repeat(1_000_000)}`],
    ['text/html', `<!doctype html>${'<style>'.repeat(100_000)}`],
  ] as const)
    expect(answer(type, body).message.length).toBeLessThanOrEqual(1_000)
})
