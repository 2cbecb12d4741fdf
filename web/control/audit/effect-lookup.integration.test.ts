import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts'
import { createEffectLookup } from './effect-lookup.ts'

let postgres: TestPostgres
let prisma: PrismaClient
const { signal } = new AbortController()

beforeAll(async () => {
  postgres = await startTestPostgres()
  prisma = createPrisma(postgres.url, { max: 2 })
  await prisma.$executeRaw`CREATE TABLE charges (event_id text PRIMARY KEY)`
  await prisma.$executeRaw`INSERT INTO charges VALUES ('a:1:x:1'), ('a:1:x:3')`
}, 120_000)
afterAll(async () => {
  await prisma.$disconnect()
  await postgres.stop()
})

test('L58 a query is asked for each message, and can change nothing', async () => {
  const { made } = createEffectLookup(prisma, {})
  const sql = 'select 1 from charges where event_id = $1'
  const ids = ['a:1:x:1', 'a:1:x:2', "a:1:x:3'; drop table charges; --", 'a:1:x:3']
  expect([...(await made({ sql }, ids, signal))].map(([, isMade]) => isMade)).toEqual([true, false, false, true])
  for (const wrong of [
    'delete from charges where event_id = $1 returning 1',
    'select 1 from nothing where event_id = $1',
    'select pg_sleep(60), $1',
  ]) {
    await expect(made({ sql: wrong }, ['a:1:x:1'], signal)).rejects.toThrow()
  }
  expect(await prisma.$queryRaw`SELECT count(*)::int AS count FROM charges`).toEqual([{ count: 2 }])
}, 30_000)

test('L58 an address answers with 2xx or 404; anything else is no answer', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const status = request.url?.endsWith('1') ? 204 : request.url?.endsWith('2') ? 404 : 302
    response.writeHead(status, { location: '/1' }).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const { made } = createEffectLookup(prisma, { LEDGER: `http://127.0.0.1:${port}` })
  const check = { http: '$LEDGER/charges/{id}' }
  expect(await made(check, ['a:1:x:1', 'a:1:x:2'], signal)).toEqual(
    new Map([
      ['a:1:x:1', true],
      ['a:1:x:2', false],
    ]),
  )
  expect(asked.sort()).toEqual(['/charges/a%3A1%3Ax%3A1', '/charges/a%3A1%3Ax%3A2'])
  await expect(made(check, ['a:1:x:3'], signal)).rejects.toThrow()
  await expect(made({ http: '$NOBODY/{id}' }, ['a:1:x:1'], signal)).rejects.toThrow('$NOBODY')
  server.closeAllConnections()
  server.close()
  await expect(made(check, ['a:1:x:1'], signal)).rejects.toThrow()
})
