import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { topology } from '#contracts/api/topology.ts'
import { type Lab, startLab } from './lab.ts'
import { until } from './until.ts'

/** A fenced block of docs/extending.md: a whole file, or lines to change in one. */
interface Block {
  kind: 'ts' | 'diff'
  file: string
  text: string
}

function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(ts|diff) file=(\S+)\n(.*?)^```$/gms)].map(([, kind, file = '', text = '']) => ({
    kind: kind === 'diff' ? 'diff' : 'ts',
    file,
    text,
  }))
}

/** Applies a block as a reader would: the lines before, taken away and added, in place of the lines before and taken away. */
function apply(block: Block, root: string): void {
  const path = join(root, block.file)
  if (block.kind === 'ts') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, block.text)
    return
  }
  const lines = block.text.trimEnd().split('\n')
  const side = (drop: string) =>
    lines
      .filter((line) => !line.startsWith(drop))
      .map((line) => `${line.slice(1)}\n`)
      .join('')
  const source = readFileSync(path, 'utf8')
  const parts = source.split(side('+'))
  expect(parts, `${block.file} has the lines of its block once`).toHaveLength(2)
  writeFileSync(path, parts.join(side('-')))
}

/** The installed packages, by hard links where the file system allows it: the bundler follows no link out of the checkout. */
function copyPackages(target: string): void {
  try {
    execFileSync('cp', ['-al', 'node_modules', target], { stdio: 'ignore' })
  } catch {
    rmSync(target, { recursive: true, force: true })
    execFileSync('cp', ['-R', 'node_modules', target])
  }
}

const copy = mkdtempSync(join(tmpdir(), 'faultline-extended-'))
let lab: Lab | undefined
afterAll(async () => {
  await lab?.stop()
  rmSync(copy, { recursive: true, force: true })
})

test('docs/extending.md, followed to the letter, adds an event type, a consumer and a broker', {
  timeout: 600_000,
}, async () => {
  chmodSync(copy, 0o755)
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  })
  for (const file of files.split('\0').filter(Boolean)) cpSync(file, join(copy, file), { force: true })
  copyPackages(join(copy, 'node_modules'))
  cpSync('prisma/generated', join(copy, 'prisma/generated'), { recursive: true })

  const blocks = blocksOf(readFileSync('docs/extending.md', 'utf8'))
  expect(blocks.map(({ file }) => file)).toContain('workers/consumer-audit/main.ts')
  for (const block of blocks) apply(block, copy)
  // The driver and its contract test, where step 3 wants them.
  cpSync('test/toy-broker', join(copy, 'workers/broker/drivers'), { recursive: true })
  rmSync(join(copy, 'test/toy-broker'), { recursive: true })
  for (const project of ['.', 'web'])
    execFileSync(join(copy, 'node_modules/.bin/tsc'), ['--noEmit', '--incremental', 'false', '-p', project], {
      cwd: copy,
      stdio: 'inherit',
    })

  execFileSync(join(copy, 'node_modules/.bin/vitest'), ['run', 'workers/broker/drivers/toy', 'contracts/brokers'], {
    cwd: copy,
    stdio: 'inherit',
  })

  execFileSync('npm', ['run', 'lab-files'], { cwd: copy, stdio: 'inherit' })
  lab = await startLab({}, copy)
  const { url, output } = lab
  // By no contract of this checkout, which knows no toy.
  const { available } = await (await fetch(`${url}/api/lab/broker`)).json()
  expect(available.map(({ name }: { name: string }) => name)).toEqual(['local', 'redis', 'kafka', 'toy'])
  expect(available[3]).toMatchObject({ ready: false })
  const { nodes, edges } = topology.parse(await (await fetch(`${url}/api/topology`)).json())
  expect(nodes.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['topic:shipment_sent', 'queue:consumer-audit', 'consumer:consumer-audit']),
  )
  expect(edges.map(({ id }) => id)).toContain('topic:shipment_sent->queue:consumer-audit')

  const answer = await fetch(`${url}/event`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'shipment_sent',
      data: { orderId: '4f7a2c1e-93d0-4b6e-8a51-2c7de09f14b8', carrier: 'north-post' },
    }),
  })
  expect(answer.status).toBe(202)
  const { id } = await answer.json()
  const [obligation] = await until('the new consumer to handle it', async () => {
    const { obligations } = await (await fetch(`${url}/api/messages/${id}`)).json()
    return obligations.every(({ state }: { state: string }) => state === 'delivered') ? obligations : undefined
  })
  expect(obligation).toMatchObject({ group: 'consumer-audit' })
  await until('its line in the log', async () =>
    output().includes(`shipment_sent ${id} → audited, number 1 of its type`),
  )
})
