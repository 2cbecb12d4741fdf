import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { LedgerReport } from '#contracts/api/ledger.ts'
import { type Recording, type RecordingInput, recordingMostMs } from '#contracts/api/recording.ts'
import { type BrokerName, brokerName } from '#contracts/brokers/broker-name.ts'
import { readStateFile, writeStateFile } from '../lab/state-file.ts'
import { ApiProblem } from '../problem/problem.ts'
import type { Act } from './act.ts'
import { figuresBetween } from './figures-between.ts'
import { scenarioText } from './file/scenario-text.ts'
import { Recorder, readActs } from './recorder.ts'

export interface Recordings {
  /** Throws `recording_running`: one at a time. */
  start(input: RecordingInput): Recording
  /** Newest first, without their files. */
  list(): Recording[]
  /** With its file, where it has ended. Throws `unknown_recording`. */
  get(id: string): Recording
  /** Ends it; one that has ended is answered as it is. */
  stop(id: string): Recording
  /** Ends it where it goes on, and forgets it. */
  remove(id: string): void
  /** Tells of something that was done, `at` in epoch milliseconds. While nothing is recorded it is forgotten. */
  tell(act: Act): void
  /** Resolves when everything is on disk. What goes on is made a file of by the next process. */
  close(): Promise<void>
}

export interface RecordingsOptions {
  /** Where the recording that goes on is kept: `state/recording.json` and `state/recording.jsonl`. */
  folder: string
  report: () => LedgerReport
  broker: () => BrokerName
  /** Whether a fault was seen to take effect, as far as that is known. Default: it was. */
  wasSeen?: (fault: string) => boolean
  log: Logger
  now?: () => number
}

const headFile = z.object({ id: z.string(), name: z.string(), startedAt: z.string(), broker: brokerName })
type Head = z.infer<typeof headFile>

/** Recordings that are kept in memory, and how often the acts go to disk, in milliseconds. */
const keptMost = 10
const writeEveryMs = 500

/**
 * IDLE ⇄ RECORDING. What is recorded is on disk half a second later: where the process dies in the middle, the next one makes the file of
 * what is there, and says that it was ended.
 */
export async function openRecordings(options: RecordingsOptions): Promise<Recordings> {
  const { folder, report, broker, wasSeen = () => true, log, now = Date.now } = options
  const [headPath, actsPath] = [join(folder, 'recording.json'), join(folder, 'recording.jsonl')]
  const ended: Recording[] = []
  let current:
    | { head: Head; endsAt: number; recorder: Recorder; before: LedgerReport; timer: NodeJS.Timeout }
    | undefined
  let unwritten = ''
  let writing: Promise<void> = Promise.resolve()

  /** One after another; a disk that takes nothing costs the recording its life after a crash, and nothing else. */
  const onDisk = (work: () => Promise<unknown>): void => {
    writing = writing.then(work).then(
      () => undefined,
      (error: unknown) => log.warn({ err: error }, 'a recording could not be written to disk; it goes on in memory'),
    )
  }
  const flush = (): void => {
    const text = unwritten
    unwritten = ''
    if (text !== '') onDisk(() => appendFile(actsPath, text))
  }
  const forget = (): void =>
    onDisk(async () => {
      await rm(headPath, { force: true })
      await rm(actsPath, { force: true })
    })

  const keep = (
    { id, name, startedAt, broker: on }: Head,
    recorder: Recorder,
    {
      lengthMs,
      figures,
      reason,
    }: { lengthMs: number; figures: ReturnType<typeof figuresBetween> | undefined; reason?: string },
  ): Recording => {
    const { text, remarks } = scenarioText({
      ...{
        name,
        startedAt,
        broker: on,
        lengthMs,
        figures,
        wasSeen,
        acts: [...recorder.acts].sort((a, b) => a.at - b.at),
      },
      remarks: reason === undefined ? [] : [reason],
    })
    const found: Recording = {
      ...{ id, name, state: 'ended', startedAt, endedAt: new Date(Date.parse(startedAt) + lengthMs).toISOString() },
      ...(reason === undefined ? {} : { reason }),
      ...{ ...recorder.counts, remarks, scenario: text },
    }
    ended.unshift(found)
    ended.splice(keptMost)
    return found
  }

  const end = (reason?: string): void => {
    if (!current) return
    const { head, recorder, before, timer } = current
    clearInterval(timer)
    current = undefined
    unwritten = ''
    keep(head, recorder, {
      lengthMs: Math.max(1, now() - Date.parse(head.startedAt)),
      figures: figuresBetween(before, report()),
      ...(reason === undefined ? {} : { reason }),
    })
    forget()
  }

  const view = (): Recording | undefined =>
    current && {
      ...{ id: current.head.id, name: current.head.name, state: 'recording', startedAt: current.head.startedAt },
      ...{ endsBy: new Date(current.endsAt).toISOString(), ...current.recorder.counts },
    }

  const get = (id: string): Recording => {
    const found = current?.head.id === id ? view() : ended.find((one) => one.id === id)
    if (!found) throw new ApiProblem('unknown_recording', `there is no recording "${id.slice(0, 100)}"`)
    return found
  }

  const left = await readStateFile(headPath, headFile).catch(() => undefined)
  if (left) {
    const recorder = readActs(await readFile(actsPath, 'utf8').catch(() => ''))
    const lengthMs = (recorder.acts.at(-1)?.at ?? 0) + 1_000
    const reason = 'the control plane ended while it was recorded; the file has what was on disk then'
    keep(left, recorder, { lengthMs, figures: undefined, reason })
    forget()
  }

  return {
    get,
    start({ forMs = recordingMostMs, name = 'recorded' }) {
      const running = view()
      if (running)
        throw new ApiProblem(
          'recording_running',
          `${running.name} (${running.id}) is recorded until ${running.endsBy} at the latest; POST /api/recordings/${running.id}/stop ends it`,
        )
      const at = now()
      const head: Head = {
        ...{ id: `rec-${randomBytes(6).toString('hex')}`, name, broker: broker() },
        startedAt: new Date(at).toISOString(),
      }
      const timer = setInterval(() => {
        flush()
        if (current && now() >= current.endsAt)
          end(forMs === recordingMostMs ? 'it was as long as a recording may be' : undefined)
      }, writeEveryMs).unref()
      current = { head, endsAt: at + forMs, recorder: new Recorder(), before: report(), timer }
      onDisk(async () => {
        await mkdir(folder, { recursive: true })
        await rm(actsPath, { force: true })
        await writeStateFile(headPath, head)
      })
      return get(head.id)
    },
    list: () => [view(), ...ended].flatMap((one) => (one ? [{ ...one, scenario: undefined }] : [])),
    stop(id) {
      if (current?.head.id === id) end()
      return get(id)
    },
    remove(id) {
      if (current?.head.id === id) end()
      get(id)
      ended.splice(
        ended.findIndex((one) => one.id === id),
        1,
      )
    },
    tell(act) {
      if (!current) return
      const line = current.recorder.take({ ...act, at: Math.max(0, act.at - Date.parse(current.head.startedAt)) })
      if (line === undefined) end('it was full: no more could be kept')
      else unwritten += line
    },
    async close() {
      if (current) {
        clearInterval(current.timer)
        flush()
      }
      await writing
    },
  }
}
