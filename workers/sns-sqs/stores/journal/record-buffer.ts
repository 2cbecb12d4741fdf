import { type ByteOrder, headerBytes, sealRecord } from '#storage/segment-log/record.ts'

/** Of the records on users' disks. */
export const storeByteOrder: ByteOrder = 'little'

const initialBytes = 262_144
const keptBytes = 4_194_304

/** Records on their way to the disk, one after the other in one piece of memory. */
export class RecordBuffer {
  private memory = Buffer.allocUnsafe(initialBytes)
  private start = 0
  length = 0

  get bytes(): Buffer {
    return this.memory.subarray(0, this.length)
  }

  /** Opens a record; everything put until `end` belongs to it. */
  begin(type: number): void {
    this.start = this.length
    this.length += headerBytes
    this.byte(type)
  }

  end(): void {
    sealRecord(this.memory, this.start, this.length, storeByteOrder)
  }

  byte(value: number): void {
    this.reserve(headerBytes + 1)
    this.memory[this.length++] = value
  }

  /** A whole number below 2^32. */
  integer(value: number): void {
    this.reserve(4)
    this.length = this.memory.writeUInt32LE(value, this.length)
  }

  /** Sequence numbers, keys and times, which are whole numbers below 2^53. */
  number(value: number): void {
    this.reserve(8)
    this.length = this.memory.writeDoubleLE(value, this.length)
  }

  text(value: string): void {
    this.reserve(4 + value.length * 3)
    const written = value === '' ? 0 : this.memory.write(value, this.length + 4)
    this.memory.writeUInt32LE(written, this.length)
    this.length += 4 + written
  }

  /** The same of a text that is known to be ASCII. */
  ascii(value: string): void {
    this.reserve(4 + value.length)
    this.memory.writeUInt32LE(value.length, this.length)
    this.memory.write(value, this.length + 4, 'latin1')
    this.length += 4 + value.length
  }

  clear(): void {
    this.length = 0
    if (this.memory.length > keptBytes) this.memory = Buffer.allocUnsafe(initialBytes)
  }

  private reserve(bytes: number): void {
    const wanted = this.length + bytes + headerBytes
    if (wanted <= this.memory.length) return
    const grown = Buffer.allocUnsafe(wanted * 2)
    this.memory.copy(grown, 0, 0, this.length)
    this.memory = grown
  }
}

/** Reads the payload of one record in the order in which it was put. */
export class RecordReader {
  private readonly bytes: Buffer
  private at = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  byte(): number {
    return this.bytes.readUInt8(this.at++)
  }

  integer(): number {
    this.at += 4
    return this.bytes.readUInt32LE(this.at - 4)
  }

  number(): number {
    this.at += 8
    return this.bytes.readDoubleLE(this.at - 8)
  }

  text(): string {
    const length = this.integer()
    this.at += length
    return this.bytes.toString('utf8', this.at - length, this.at)
  }
}
