import { createSchemaChecker } from '../schemas/schema-checker.ts'
import type { CheckData } from './events.ts'

/** A whole start waits for it: a schema that takes longer is refused. */
const deadlineMs = 2_000

/** Checks in a thread of its own, since a schema can take exponential time by its references. The thread is started by the first check. */
export function openSchemaCheck(): { check: CheckData; close(): Promise<void> } {
  const checker = createSchemaChecker({ deadlineMs, waitMs: 60_000 })
  return { check: (schema, data) => checker.check(schema, data), close: checker.close }
}
