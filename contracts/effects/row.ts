import { defineEffect } from './define-effect.ts'

/** A row in the database, and the inbox entry that keeps it the only one. */
export const row = defineEffect({
  kind: 'row',
  engine: 'postgres',
  link: 'database',
  variable: 'DATABASE_URL',
  defaultPorts: { 'postgres:': 5432, 'postgresql:': 5432 },
  words: { about: 'PostgreSQL', one: 'row', many: 'rows', made: 'row written' },
})
