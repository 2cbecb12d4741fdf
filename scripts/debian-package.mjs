import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Whether this account may install Debian's packages. */
export const mayInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

/** Installs packages of Debian's, waiting for another installation that runs. Throws if that fails. */
export function installPackages(names) {
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  execFileSync('apt-get', [...wait, 'update', '-qq'], options)
  execFileSync('apt-get', [...wait, 'install', '-y', '-qq', '--no-install-recommends', ...names], options)
}
