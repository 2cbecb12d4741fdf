import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

/** Folder of the package that a file below node_modules belongs to; undefined for a file of this project. */
function packageOf(file) {
  const at = file.lastIndexOf('node_modules/')
  if (at < 0) return undefined
  const inside = file.slice(at + 'node_modules/'.length).split('/')
  return file.slice(0, at) + join('node_modules', ...inside.slice(0, inside[0].startsWith('@') ? 2 : 1))
}

/** What has to go with the packages of these files, relative to the checkout: name, version and license of each, and its own text of it. */
export function licensesOf(files) {
  const folders = new Set(files.map(packageOf).filter((folder) => folder !== undefined))
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      const texts = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|notice)(\.|$)/i.test(file))
      const text = texts.map((file) => readFileSync(join(root, folder, file), 'utf8').trim()).join('\n\n')
      return `${name} ${version} (${license})\n\n${text}\n`
    })
    .join('\n')
}
