import { join } from 'node:path'
import type { Logger } from 'pino'
import { type AuditReport, lastAudit } from '#contracts/api/audit.ts'
import { readStateFile, writeStateFile } from '../../lab/state-file.ts'
import type { Audit } from '../audit.ts'

/** The audit, which can be read again after it has answered. */
export interface AskedAudit extends Audit {
  /** Of the last one that had an answer, over restarts; undefined before the first. */
  last(): AuditReport | undefined
}

/** Bytes of a report that are kept at most: of a larger one the named messages beyond the first few of each finding are left out. */
const mostBytes = 4 * 1024 * 1024
const fewSamples = 5

/** Keeps the answer of each audit in the data folder. One that cannot be stored is known until web ends. */
export async function keepLastAudit(audit: Audit, { dataDir, log }: KeepOptions): Promise<AskedAudit> {
  const path = join(dataDir, 'state', 'last-audit.json')
  let last = await stored(path, log)
  return {
    ...audit,
    last: () => last,
    async run(timeoutMs, gone) {
      const report = await audit.run(timeoutMs, gone)
      last = bounded(report)
      await writeStateFile(path, { report: last }).catch((error: unknown) => {
        log.warn({ err: error }, 'the report of the audit could not be stored')
      })
      return report
    },
  }
}

interface KeepOptions {
  /** Where the lab keeps its data. */
  dataDir: string
  log: Pick<Logger, 'warn'>
}

async function stored(path: string, log: KeepOptions['log']): Promise<AuditReport | undefined> {
  try {
    return (await readStateFile(path, lastAudit))?.report ?? undefined
  } catch (error) {
    // It is of another version, or was not written by the lab: nothing hangs on it.
    log.warn({ err: error }, 'the report of the last audit could not be read')
    return undefined
  }
}

function bounded(report: AuditReport): AuditReport {
  if (Buffer.byteLength(JSON.stringify(report)) <= mostBytes) return report
  const disagreements = report.disagreements.map(({ samples, differences, ...one }) => ({
    ...{ ...one, samples: samples.slice(0, fewSamples) },
    ...(differences === undefined ? {} : { differences: differences.slice(0, fewSamples) }),
  }))
  return { ...report, disagreements }
}
