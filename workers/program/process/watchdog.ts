import { spawn } from 'node:child_process'

/** Set on a program and inherited by its children: names the replica's run that they belong to. */
export const programMarkVariable = 'FAULTLINE_PROGRAM'

/** A shell beside a program that ends all of it, also if this process was killed. */
export interface GroupWatchdog {
  /** Kills what is left of the program: its group, and on Linux what has left its group. Resolves when that is done. */
  sweep(): Promise<void>
}

/**
 * Waits at a pipe for the end of the process that holds it, then kills the group of the program and whoever carries its mark. Asked
 * twice, for what was forked meanwhile.
 */
const script = `
read -r _
for round in 1 2; do
  kill -KILL -- "-$1" 2>/dev/null
  for file in $(grep -lsF "$2" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${file#/proc/}
    kill -KILL "\${pid%/environ}" 2>/dev/null
  done
done
exit 0`

/** Watches over the program that leads the process group `group` and carries `mark` in its environment. */
export function startGroupWatchdog(group: number, mark: string): GroupWatchdog {
  const shell = spawn('/bin/sh', ['-c', script, 'program-watchdog', String(group), `${programMarkVariable}=${mark}`], {
    // In a group of its own: what stops or ends the others must not touch it. Its environment carries no mark.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
  })
  const ended = new Promise<void>((resolve) => {
    shell.once('exit', () => resolve())
    shell.once('error', () => resolve())
  })
  shell.stdin.on('error', () => undefined)
  shell.unref()
  return {
    async sweep() {
      shell.ref()
      shell.stdin.end()
      await ended
    },
  }
}
