import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Parser } from '@asyncapi/parser'
import { expect, test } from 'vitest'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { loadLab } from '#contracts/load-lab.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { initialLab } from '../../web/control/lab/declared-lab.ts'
import { asyncApiOf } from '../../web/control/topology/async-api.ts'
import { faultline } from '../fixtures/scripted-program.ts'

const shippedLabs = ['labs', 'examples'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.includes('node_modules'))
    .map((name) => join(folder, name)),
)

const parser = new Parser()

const exported = (lab: LabDeclaration): string =>
  JSON.stringify(asyncApiOf(lab, initialLab(lab), { version: '1.0.0', brokerUrl: 'http://127.0.0.1:4566' }))

/** What a document of AsyncAPI says of a lab: who does the work, and how, is no matter of it. */
function described({ services, events }: LabDeclaration) {
  return {
    services: services
      .map(({ name, receives, sends }) => ({ name, receives: [...receives].sort(), sends: [...sends].sort() }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    events: events
      .map(({ name, topic, version, keyField, example }) => ({ name, topic, version, keyField, example }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  }
}

test.each(shippedLabs)(
  '%s as AsyncAPI is taken by the official parser, and imported it is the same lab',
  async (file) => {
    const lab = await loadLab(join(process.cwd(), file))
    const text = exported(lab)
    const { diagnostics } = await parser.parse(text)
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([])

    const folder = await temporaryFolder('round-trip')
    const [document, out] = [join(folder, 'lab.json'), join(folder, 'faultline.yaml')]
    await writeFile(document, text)
    const { complaints, code } = await faultline(['import', 'asyncapi', document, '--out', out])
    expect([complaints.replace(/^note: .*$/gm, '').trim(), code]).toEqual(['', 0])
    const again = await loadLab(out)
    expect(described(again)).toEqual(described(lab))
    // Its schemas allow and refuse the same: written out once more they are the same documents.
    expect(JSON.parse(exported(again)).components.messages).toEqual(JSON.parse(text).components.messages)
    expect(await readFile(out, 'utf8')).toContain('simulate: {}')
  },
)
