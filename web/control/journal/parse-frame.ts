import { type TelemetryRecord, telemetryRecord } from '#contracts/protocols/telemetry.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

export interface ParsedFrame {
  records: TelemetryRecord[]
  /** What was refused, in words for a person. */
  refused: string[]
}

/** Reads the body of a frame. Records that are invalid are refused one by one. */
export function parseFrame(body: Uint8Array): ParsedFrame {
  const raw = readFrame(body)
  if (typeof raw === 'string') return { records: [], refused: [raw] }
  const records: TelemetryRecord[] = []
  const refused: string[] = []
  for (const item of raw) {
    const record = telemetryRecord.safeParse(item)
    if (record.success) records.push(record.data)
    else refused.push(record.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  }
  return { records, refused }
}

/** The records of a frame, of which none is checked; why there are none, in words for a person, if it is no list. */
export function readFrame(body: Uint8Array): unknown[] | string {
  try {
    const value: unknown = JSON.parse(decoder.decode(body))
    return Array.isArray(value) ? value : 'the frame is no array of records'
  } catch (error) {
    return `the frame is not JSON: ${error instanceof Error ? error.message : String(error)}`
  }
}
