import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { root } from './root.mjs'

/** Builds images of the same names from packages, where no registry of images is reached. */
const standIns = resolve(root, process.env.FAULTLINE_STANDINS ?? '../shared/standins/up.sh')
/** Optional services whose image nothing can replace. */
const optional = /^grafana\//
const pullMs = 10 * 60_000

const docker = (args, timeout = 30_000) => spawnSync('docker', args, { cwd: root, encoding: 'utf8', timeout })
const answers = () => docker(['version']).status === 0 && docker(['compose', 'version']).status === 0

/** Images that compose needs and the machine has not, but for those that it builds itself. */
function missingImages() {
  const { stdout } = docker(['compose', '--profile', '*', 'config', '--images'])
  const builtFrom = ['node:24-bookworm-slim']
  const names = [...new Set([...stdout.split('\n').filter((name) => name !== ''), ...builtFrom])]
  return names.filter(
    (name) => !name.startsWith('faultline:') && !optional.test(name) && docker(['image', 'inspect', name]).status !== 0,
  )
}

/** Runs the stand-in script; the process id of the daemon where it started one. */
function runStandIns() {
  console.log(`Docker or its images are missing, and no registry gave them: ${standIns} makes them.`)
  return new Promise((done, failed) => {
    const child = spawn('bash', [standIns], { stdio: ['ignore', 'inherit', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => {
      process.stderr.write(chunk)
      said += chunk
    })
    child.once('error', failed)
    child.once('exit', (code) => {
      const pid = /dockerd: pid (\d+)/.exec(said)?.[1]
      if (code === 0 || answers()) done(pid === undefined ? undefined : Number(pid))
      else failed(new Error(`${standIns} ended with ${code}`))
    })
  })
}

/**
 * Sees to a Docker engine with Compose v2 and the images of docker-compose.yml: those that are there, else pulled, else made by
 * the stand-in script (FAULTLINE_STANDINS). Gives a function that ends the daemon which that script started, if any. Throws a
 * sentence if nothing helps.
 */
export async function provideDocker() {
  let daemon
  if (answers()) {
    for (const image of missingImages()) if (docker(['pull', '--quiet', image], pullMs).status !== 0) break
  }
  if (!answers() || missingImages().length > 0) {
    if (!existsSync(standIns)) {
      const lacks = answers() ? `these images: ${missingImages().join(', ')}` : 'Docker with Compose v2, or its daemon'
      throw new Error(
        `This machine lacks ${lacks}. Install or start it; or name a script that does in FAULTLINE_STANDINS`,
      )
    }
    daemon = await runStandIns()
  }
  if (!answers()) throw new Error('Docker does not answer: `docker version` and `docker compose version` say why')
  const missing = missingImages()
  if (missing.length > 0) throw new Error(`These images could be neither pulled nor made: ${missing.join(', ')}`)
  return () => {
    if (daemon !== undefined) process.kill(daemon, 'SIGTERM')
  }
}
