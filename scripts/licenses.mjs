import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

/** A README that says no more of its license than this many characters only names it. */
const shortestText = 400

/** Folder of the package that a file below node_modules belongs to; undefined for a file of this project. */
function packageOf(file) {
  const at = file.lastIndexOf('node_modules/')
  if (at < 0) return undefined
  const inside = file.slice(at + 'node_modules/'.length).split('/')
  return file.slice(0, at) + join('node_modules', ...inside.slice(0, inside[0].startsWith('@') ? 2 : 1))
}

/** What a README says under the heading `License`; empty if it has none. */
function licenseSectionOf(readme) {
  const lines = readme.split(/\r?\n/)
  const isUnderlined = (at) => /^(=+|-+)\s*$/.test(lines[at + 1] ?? '')
  const start = lines.findIndex((line, at) => {
    const text = /^#+\s*(.*)$/.exec(line)?.[1] ?? (isUnderlined(at) ? line : '')
    return /^licen[cs]e\b/i.test(text.trim())
  })
  if (start < 0) return ''
  const rest = lines.slice(start + (isUnderlined(start) ? 2 : 1))
  const end = rest.findIndex(
    (line, at) => /^#+\s/.test(line) || (line.trim() !== '' && /^(=+|-+)\s*$/.test(rest[at + 1] ?? '')),
  )
  return (end < 0 ? rest : rest.slice(0, end)).join('\n').trim()
}

/** The standard text of a license by its SPDX expression, of a choice the first that is kept here; undefined if none is. */
function standardText(license) {
  const names = typeof license === 'string' ? license.replace(/^\(|\)$/g, '').split(' OR ') : []
  const file = names
    .filter((name) => /^[\w.-]+$/.test(name))
    .map((name) => join(root, 'scripts', 'license-texts', `${name}.txt`))
    .find((path) => existsSync(path))
  return file && readFileSync(file, 'utf8').trim()
}

/** The text of a package's license: its own files, else its README, else the standard text under the name of its author. */
function textOf(folder, { name, license, author }) {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort()
  const read = (file) => readFileSync(join(folder, file), 'utf8').trim()
  const own = files.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file) && read(file) !== '')
  const texts = own.map(read)
  // A notice goes with a license and is none.
  if (own.some((file) => !/^notice/i.test(file))) return texts.join('\n\n')
  const readme = files.find((file) => /^readme/i.test(file))
  const section = readme === undefined ? '' : licenseSectionOf(read(readme))
  if (section.length >= shortestText) return [...texts, section].join('\n\n')
  const standard = standardText(license)
  if (standard === undefined) return undefined
  const who = (typeof author === 'string' ? author : author?.name) ?? `the authors of ${name}`
  // Some ask for the notice of whoever holds the copyright, which their standard text leaves out.
  const notice = standard.includes('above copyright notice') ? `Copyright (c) ${who.replace(/\s*[<(].*$/, '')}` : ''
  return [...texts, section, notice, standard].filter((text) => text !== '').join('\n\n')
}

/**
 * What has to go with the packages of these files, relative to the checkout: name, version and license of each, and its text. Throws
 * where a package has no text of its license and none is kept here for it.
 */
export function licensesOf(files) {
  const folders = new Set(files.map(packageOf).filter((folder) => folder !== undefined))
  const without = []
  const texts = [...folders].sort().map((folder) => {
    const described = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const { name, version, license } = described
    const text = textOf(join(root, folder), described)
    if (text === undefined) without.push(`${name} ${version} (${license})`)
    return `${name} ${version} (${license})\n\n${text}\n`
  })
  if (without.length > 0)
    throw new Error(
      `no text of the license of ${without.join(', ')}: keep the standard text of it in scripts/license-texts, or do not build the package in`,
    )
  return texts.join('\n')
}
