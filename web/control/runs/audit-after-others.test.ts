import { expect, test } from 'vitest'
import { ApiProblem } from '../problem/problem.ts'
import { auditAfterOthers } from './audit-after-others.ts'

const report = { verdict: 'pass' }
/** An audit of somebody else that goes on for so many questions. */
const busyFor = (times: number) => {
  let asked = 0
  return async (): Promise<typeof report> => {
    asked += 1
    if (asked <= times) throw new ApiProblem('audit_running', 'an audit runs already')
    return report
  }
}

test('an audit that somebody else asked for is waited for', async () => {
  expect(await auditAfterOthers(busyFor(2), 60_000, new AbortController().signal)).toBe(report)
})

test('the wait ends with the run, and after its time', async () => {
  const gone = new AbortController()
  const waiting = auditAfterOthers(busyFor(Infinity), 60_000, gone.signal)
  gone.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'audit_running' })
  await expect(auditAfterOthers(busyFor(Infinity), -1, new AbortController().signal)).rejects.toMatchObject({
    code: 'audit_running',
  })
})

test('whatever else is refused is not asked again', async () => {
  const refused = async (): Promise<typeof report> => {
    throw new ApiProblem('switch_running', 'the lab moves to redis')
  }
  await expect(auditAfterOthers(refused, 60_000, new AbortController().signal)).rejects.toMatchObject({
    code: 'switch_running',
  })
})
