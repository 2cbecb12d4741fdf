import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { licensesOf } from './licenses.mjs'

/** A package with these files, by one of them. */
function packageWith(described: object, files: Record<string, string> = {}): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'licenses-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const own = join(folder, 'node_modules', 'a')
  const all = {
    'package.json': JSON.stringify({ name: 'a', version: '1.0.0', license: 'MIT', ...described }),
    ...files,
  }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(own, name)), { recursive: true })
    writeFileSync(join(own, name), text)
  }
  return [relative(process.cwd(), join(own, 'index.js'))]
}
const granted = /Permission is hereby granted/

test('the files of a package have its license, however they are called', () => {
  const files = {
    'LICENSE-MIT.txt': 'one',
    COPYING: 'two',
    NOTICE: 'three',
    'licenses/other': 'no',
    'README.md': '# License\n\nno',
  }
  const text = licensesOf(packageWith({}, files))
  expect(text).toBe('a 1.0.0 (MIT)\n\ntwo\n\none\n\nthree\n')
})

test('else its README has it', () => {
  const whole = `Copyright 2013 Somebody\n\n${'Permission to do it. '.repeat(30)}`.trim()
  expect(licensesOf(packageWith({}, { 'README.md': `# a\n\n## License\n\n${whole}\n\n## More\n\nno` }))).toBe(
    `a 1.0.0 (MIT)\n\n${whole}\n`,
  )
  expect(licensesOf(packageWith({}, { Readme: `a\n=\n\nlicence\n-------\n${whole}\n\nMore\n----\nno` }))).toContain(
    whole,
  )
})

test('else it is the standard text, with whom the package names', () => {
  const named = licensesOf(
    packageWith({ author: 'Ada Byron <ada@example.com>' }, { 'README.md': '# License\n\nMIT © 2020 Ada' }),
  )
  expect(named).toContain('MIT © 2020 Ada\n\nCopyright (c) Ada Byron\n')
  expect(named).toMatch(granted)
  expect(licensesOf(packageWith({ license: '(Other-1.0 OR MIT)' }))).toMatch(granted)
  expect(licensesOf(packageWith({ license: 'Apache-2.0' }))).toMatch(/^a 1\.0\.0 \(Apache-2\.0\)\n\nApache License/)
  expect(licensesOf(packageWith({}, { NOTICE: 'of others' }))).toMatch(/of others[\s\S]*Permission is hereby granted/)
})

test('a package without any fails the build', () => {
  for (const license of ['Other-1.0', '../MIT', undefined])
    expect(() => licensesOf(packageWith({ license }))).toThrow('no text of the license of a 1.0.0')
})
