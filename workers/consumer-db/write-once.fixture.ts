import { createPrisma } from '#prisma/client.ts'
import { createStore } from './store.ts'
import type { Incoming } from './table-writer.ts'
import { tableWriters } from './table-writers.ts'

/** A writer of its own process for a test that kills it: writes `MESSAGES` to `DATABASE_URL`. */
const prisma = createPrisma(process.env.DATABASE_URL ?? '', { max: 1 })
const store = createStore({ prisma, consumer: 'consumer-db', writers: tableWriters, random: () => 0 })
await store.write(JSON.parse(process.env.MESSAGES ?? '[]') as Incoming[])
await prisma.$disconnect()
