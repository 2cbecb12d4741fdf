import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, unlessDone } from './fingerprint.mjs'
import { root } from './root.mjs'
import { runCommand } from './run-command.mjs'
import { step } from './step.mjs'

const modules = join(root, 'node_modules')

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * Whether npm itself put in what the lock file names. It writes its own list into node_modules when it is done; a list
 * that lacks a package, or has another version of it, is an older or half-finished install.
 */
function installedByNpm() {
  const wanted = readPackages(join(root, 'package-lock.json'))
  const present = readPackages(join(modules, '.package-lock.json'))
  if (wanted === undefined || present === undefined) return false
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer, link }]) => {
    if (path === '' || link) return true
    const found = present[path]
    if (found === undefined) return optional === true || devOptional === true || peer === true
    return found.version === version && existsSync(join(root, path, 'package.json'))
  })
}

/** Puts the packages in if they are missing, half-finished or older than package-lock.json. */
export async function install() {
  await step('install', (begin) =>
    unlessDone(join(modules, '.faultline-install'), fingerprint(['package-lock.json']), async () => {
      if (!installedByNpm()) {
        begin()
        // A folder that an interrupted install left behind can keep npm from mending it.
        rmSync(modules, { recursive: true, force: true, maxRetries: 3 })
        // `npm ci` refuses a lock file that lacks the packages of other platforms, as one written behind a mirror
        // without them does; `npm install` takes the locked versions all the same, and changes no file of ours.
        const include = ['--include=dev', '--include=optional', '--ignore-scripts']
        await runCommand('npm install', 'npm', ['install', '--no-save', ...include, '--no-audit', '--no-fund'])
      }
    }),
  )
}
