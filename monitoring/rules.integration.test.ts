import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { neededPrometheus, providePrometheus } from '../scripts/provision-prometheus.mjs'

const programs = providePrometheus()

/** What promtool says of the files, with its exit code. */
function promtool(args: string[], folder: string, input = '') {
  const { status, stdout, stderr } = spawnSync(programs?.promtool ?? '', args, { cwd: folder, encoding: 'utf8', input })
  return { status, said: stdout + stderr }
}

describe.skipIf(!programs)(programs ? 'Prometheus files' : `Prometheus files ${neededPrometheus}`, () => {
  it('prometheus.yml and its rules are valid', () => {
    expect(promtool(['check', 'config', 'prometheus.yml'], 'monitoring')).toMatchObject({ status: 0 })
    const { said, status } = promtool(
      ['check', 'rules', '--lint=all', '--lint-fatal', 'alerts.rules.yml', 'recording.rules.yml'],
      'monitoring/rules',
    )
    expect(said).toContain('SUCCESS')
    expect(status).toBe(0)
  })

  it('every rule does what its unit test says', () => {
    const { said, status } = promtool(['test', 'rules', 'rules.test.yml'], 'monitoring/rules')
    expect(said).toContain('SUCCESS')
    expect(status, said).toBe(0)
  })
})
