import { createPrisma } from '#prisma/client.ts'
import { GroupCommit } from './group-commit.ts'

export interface AcceptedMail {
  /** `X-Faultline-Message`, where the mail has one. */
  messageId: string | null
  smtpMessageId: string | null
  from: string
  to: string
  subject: string
  /** As received. */
  source: Uint8Array<ArrayBuffer>
}

export interface MailStore {
  /** Resolves once the mail is committed. */
  add(mail: AcceptedMail): Promise<void>
  /** Waits for what is being written, then closes. */
  close(): Promise<void>
}

/** Mails in one statement, and their bytes: on its way there a mail is several times as large as it is. */
const largestGroup = 200
const largestGroupBytes = 4 * 1024 * 1024

/** Mails in PostgreSQL. A write that takes longer than `queryTimeoutMs` fails, and its client is asked to come again. */
export function openMailStore(databaseUrl: string, queryTimeoutMs = 10_000): MailStore {
  const prisma = createPrisma(databaseUrl, { max: 2, queryTimeoutMs })
  const write = async (rows: AcceptedMail[]): Promise<void> => {
    await prisma.mail.createMany({ data: rows })
  }
  const commit = new GroupCommit(write, largestGroup, { of: ({ source }) => source.length, most: largestGroupBytes })
  return {
    add: (mail) => commit.add(mail),
    close: async () => {
      await commit.idle()
      await prisma.$disconnect()
    },
  }
}
