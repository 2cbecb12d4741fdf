import { describe, expect, it } from 'vitest'
import { ApiProblem } from '../problem/problem.ts'
import { openTestApi } from './fixtures/test-api.ts'

const url = '/api/ledger/audit'

describe('POST /api/ledger/audit', () => {
  it('waits 30 s unless asked otherwise, with and without a body', async () => {
    const { app, world } = await openTestApi()
    const waited: number[] = []
    const usual = world.audit
    world.audit = (timeoutMs) => {
      waited.push(timeoutMs)
      return usual(timeoutMs)
    }
    expect((await app.inject({ method: 'POST', url })).statusCode).toBe(200)
    expect((await app.inject({ method: 'POST', url, payload: {} })).statusCode).toBe(200)
    const answer = await app.inject({ method: 'POST', url, payload: { timeoutMs: 0 } })
    expect(answer.json()).toMatchObject({ broker: 'local', drained: true, disagreements: [] })
    expect(waited).toEqual([30_000, 30_000, 0])
    await app.close()
  })

  it('refuses a time that is none, and what it does not know', async () => {
    const { app } = await openTestApi()
    for (const payload of [{ timeoutMs: -1 }, { timeoutMs: 600_001 }, { timeoutMs: '1s' }, { timeout: 5 }]) {
      const answer = await app.inject({ method: 'POST', url, payload })
      expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_body', errors: [{ path: expect.anything() }] })
    }
    await app.close()
  })

  it('says that one runs already', async () => {
    const { app, world } = await openTestApi()
    world.audit = () => Promise.reject(new ApiProblem('audit_running', 'an audit runs already'))
    const answer = await app.inject({ method: 'POST', url })
    expect(answer.json()).toMatchObject({ status: 409, code: 'audit_running' })
    await app.close()
  })
})

describe('GET /api/audits/last', () => {
  it('answers with the last report, and with none before the first', async () => {
    const { app, world } = await openTestApi()
    const last = async () => (await app.inject({ method: 'GET', url: '/api/audits/last' })).json()
    expect(await last()).toEqual({ report: null })
    world.lastAudit = await world.audit(0)
    expect(await last()).toEqual({ report: world.lastAudit })
    await app.close()
  })
})
