import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './root.mjs'

const lock = join(root, '.faultline', 'build.lock')

function holder() {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    process.kill(pid, 0)
    return pid
  } catch (error) {
    return error.code === 'EPERM' ? -1 : undefined
  }
}

/** Two starts in one checkout build one after the other; the lock of a start that was killed is taken over. */
export async function withBuildLock(work) {
  mkdirSync(join(root, '.faultline'), { recursive: true })
  for (let waited = false; ; await sleep(200)) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const pid = holder()
    if (pid === undefined) rmSync(lock, { force: true })
    else if (!waited) {
      waited = true
      console.log(`… waiting for another start that builds (pid ${pid})`)
    }
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}
