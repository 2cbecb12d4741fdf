import type { Command } from './command.ts'

/**
 * Runs "$@" for as long as standard input stays open, which a program that is not ours does not watch by itself: the
 * pipe ends with the process that holds it, even one that was killed, and the program is then asked to stop. A SIGTERM is
 * passed on. `wait` also returns when a signal was passed on, so it is asked until the program is really gone.
 */
const script = (signal: string) => `
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
trap 'kill -${signal} $server 2>/dev/null' TERM
{ read -r _ <&3; kill -${signal} $server 2>/dev/null; } &
watch=$!
wait $server
code=$?
while kill -0 $server 2>/dev/null; do wait $server; code=$?; done
kill $watch 2>/dev/null
exit $code`

/** The command under a shell that ties its life to standard input, with the signal that makes it stop in order. */
export function withParentWatchdog(
  { program, args }: Command,
  name: string,
  stopSignal: 'TERM' | 'INT' = 'TERM',
): Command {
  return { program: '/bin/sh', args: ['-c', script(stopSignal), `${name}-watchdog`, program, ...args] }
}
