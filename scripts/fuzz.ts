/**
 * `npm run fuzz`: sends requests that are made of the API's own description, hostile ones among them, to a lab of its own, and judges every
 * answer: no 5xx but those of a part that is away, no answer slower than 5 s, every refusal a problem document that names the place.
 * Options: --requests N (default 5,000), --seed N (default 1: the same seed makes alike requests), --url URL (of a lab that runs, in
 * place of one of its own; it does not stay as it is). Exit 0 only if no answer is wrong.
 */
import { parseArgs } from 'node:util'
import { fuzzApi } from '../test/fuzz/fuzz-api.ts'
import { startLab } from '../test/lab.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { requests: text, seed: text, url: text } })
const [requests, seed] = [Number(values.requests ?? 5_000), Number(values.seed ?? 1)]
if (!Number.isInteger(requests) || requests < 1 || !Number.isInteger(seed)) {
  console.error('--requests takes a whole number from 1, --seed a whole number')
  process.exit(2)
}
// An exit ends the lab that runs; a signal alone would leave it behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
const lab = values.url === undefined ? await startLab() : undefined
const printed = new Set<string>()
const megabytes = (bytes = 0): number => Math.round(bytes / 2 ** 20)
const report = await fuzzApi(values.url ?? lab?.url ?? '', {
  ...{ requests, seed },
  onProgress(sent, { memory, problems, slow }) {
    for (const one of [...problems.map((text) => `✗ ${text}`), ...slow.map((text) => `slow: ${text}`)]) {
      if (!printed.has(one)) console.log(one)
      printed.add(one)
    }
    console.log(`${sent} sent, ${problems.length} wrong, ${slow.length} slow, web at ${megabytes(memory.at(-1))} MB`)
  },
}).finally(() => lab?.stop())

console.table(report.reached)
console.log(`by status: ${JSON.stringify(report.statuses)}`)
console.log(`slowest answer: ${Math.round(report.slowestMs)} ms`)
console.log(`memory of web: ${report.memory.map(megabytes).join(', ')} MB`)
const { length: wrong } = report.problems
const { length: slow } = report.slow
console.log(wrong + slow === 0 ? '✓ no answer is wrong' : `${wrong} answers are wrong, ${slow} took longer than 5 s`)
process.exitCode = wrong + slow === 0 ? 0 : 1
