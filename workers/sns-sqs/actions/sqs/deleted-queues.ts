import { AwsError } from '../../protocol/aws-error.ts'
import { recordKey } from '../../stores/declarations.ts'
import type { DeclarationChange, Declarations } from '../../stores/queue-store.ts'

/** Refuses to make a queue under the name of one that was deleted a moment ago. */
export function refuseDeletedRecently({ records }: Declarations, arn: string, now: number, afterMs: number): void {
  const deleted = records.get(recordKey('deleted-queue', arn))
  if (deleted === undefined || now - Number(deleted.value) >= afterMs) return
  throw new AwsError(
    'QueueDeletedRecently',
    `You must wait ${Math.ceil(afterMs / 1000)} seconds after deleting a queue before you can create another with the same name.`,
  )
}

/** Takes away what is remembered of deletions that are long past. */
export function forgottenDeletions({ records }: Declarations, now: number, afterMs: number): DeclarationChange[] {
  return [...records.values()]
    .filter(({ kind, value }) => kind === 'deleted-queue' && now - Number(value) >= afterMs)
    .map(({ id }) => ({ remove: 'record', kind: 'deleted-queue', id }))
}
