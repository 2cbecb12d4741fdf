import type { ServiceDeclaration } from './lab-declaration.ts'

/** A service for tests that care for a part of it only. */
export const serviceWith = (
  part: Partial<ServiceDeclaration> & Pick<ServiceDeclaration, 'name'>,
): ServiceDeclaration => ({
  ...{ replicas: 1, receives: [], sends: [], idempotent: false, concurrency: 4 },
  body: { kind: 'builtin', worker: 'database', effect: 'row' },
  ...part,
})
