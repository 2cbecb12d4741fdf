import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Path of a program: the one that the variable names, or one on the PATH. */
function installed(variable, name) {
  if (process.env[variable]) return process.env[variable]
  return spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim() || undefined
}

const both = () => {
  const [prometheus, promtool] = [installed('PROMETHEUS_PATH', 'prometheus'), installed('PROMTOOL_PATH', 'promtool')]
  return prometheus && promtool ? { prometheus, promtool } : undefined
}

/**
 * Paths of `prometheus` and `promtool`: of PROMETHEUS_PATH and PROMTOOL_PATH, on the PATH, or of Debian's package, installed now
 * where this account may. Undefined if there is none; `neededPrometheus` then says what is missing.
 */
export function providePrometheus() {
  const found = both()
  if (found) return found
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  try {
    execFileSync('apt-get', ['update', '-qq'], options)
    // Its service would listen on 9090 from now on: the programs are all that is wanted.
    execFileSync(
      'sh',
      [
        '-c',
        'dpkg-query -W prometheus >/dev/null 2>&1 || (cd "$(mktemp -d)" && apt-get download -qq prometheus && dpkg -x prometheus_*.deb . && install -m 755 usr/bin/prometheus usr/bin/promtool /usr/local/bin/)',
      ],
      options,
    )
  } catch {
    return undefined
  }
  return both()
}

export const neededPrometheus =
  'SKIPPED: needs prometheus and promtool (Debian package prometheus, or PROMETHEUS_PATH and PROMTOOL_PATH)'
