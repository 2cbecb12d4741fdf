import type { Logger } from 'pino'
import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { activityOf } from './audit/activity.ts'
import { type Audit, type AuditSources, createAudit } from './audit/audit.ts'
import { type ContentSources, createContentComparison } from './audit/contents/compare-contents.ts'
import type { ContentReader } from './audit/contents/content-reader.ts'
import { createEffectLookup } from './audit/effect-lookup.ts'
import { createEffectReader } from './audit/effect-reader.ts'
import { keepLastAudit } from './audit/kept/last-audit.ts'
import type { CurrentBroker } from './broker/current-broker.ts'
import type { EventLog } from './event-log/event-log.ts'
import { loggedAudit } from './event-log/logged-changes.ts'
import type { Observatory } from './observatory.ts'
import { createReconciler } from './verdict/reconcile.ts'
import { enterAudit } from './verdict/vouch.ts'

interface Sources
  extends Pick<AuditSources, 'discards' | 'mailDestination' | 'readQueue' | 'underWay' | 'refusal'>,
    Pick<ContentSources, 'looks' | 'isMade'> {
  observatory: Observatory
  /** Where effects are stored. */
  prisma: PrismaClient
  consumers: () => readonly ConsumerDeclaration[]
  broker: CurrentBroker
  /** Rows and mails with what they say. */
  contents: ContentReader
  events: EventLog
  log: Logger
  /** Where the report of the last audit is kept. */
  dataDir: string
}

/** The audit as somebody asks for it, which is in the event log; and the one that reconciles the books by itself, which does not. */
export async function openAudit({
  observatory,
  prisma,
  consumers,
  broker,
  contents,
  looks,
  isMade,
  events,
  log,
  dataDir,
  ...sources
}: Sources) {
  const { books } = observatory
  const now = Date.now
  const quiet = createAudit({
    ...{ ...sources, books, consumers, now },
    effects: createEffectReader(prisma),
    lookup: createEffectLookup(prisma, process.env),
    broker: broker.name,
    inspect: broker.inspect,
    deadLetters: broker.deadLetters,
    log: broker.log,
    unsettled: observatory.unsettledOn,
    compareContents: createContentComparison({
      books,
      consumers,
      contents,
      now,
      ...(looks ? { looks } : {}),
      ...(isMade ? { isMade } : {}),
    }),
  })
  const run: Audit['run'] = async (timeoutMs, gone) => enterAudit(await quiet.run(timeoutMs, gone), { ...books, now })
  const reconciler = createReconciler({
    hasGap: observatory.hasGap,
    activity: () => activityOf(books.context.ledger),
    audit: run,
    ...{ log, now },
  })
  const asked: Audit = loggedAudit(
    {
      ...quiet,
      async run(timeoutMs, gone) {
        // Nobody is refused because the books are just being reconciled.
        await reconciler.idle()
        return run(timeoutMs, gone)
      },
    },
    events,
  )
  return { audit: await keepLastAudit(asked, { dataDir, log }), reconciler }
}
