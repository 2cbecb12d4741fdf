/** Exit codes that shells give a meaning: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02 */
const codes = new Map<number, string>([
  [0, 'though a service has to go on'],
  [2, 'often wrong usage'],
  [126, 'the command cannot be executed'],
  [127, 'command not found'],
])

const signals = new Map<string, string>([
  ['SIGKILL', 'killed'],
  ['SIGTERM', 'told to stop'],
  ['SIGINT', 'interrupted'],
  ['SIGHUP', 'hung up'],
  ['SIGSEGV', 'crashed: invalid memory access'],
  ['SIGBUS', 'crashed: invalid memory access'],
  ['SIGABRT', 'aborted by itself'],
  ['SIGILL', 'crashed: invalid instruction'],
  ['SIGFPE', 'crashed: invalid arithmetic'],
  ['SIGPIPE', 'wrote to a closed pipe'],
  ['SIGXCPU', 'used more processor time than it may'],
])
const numbers = new Map([
  [129, 'SIGHUP'],
  [130, 'SIGINT'],
  [134, 'SIGABRT'],
  [137, 'SIGKILL'],
  [139, 'SIGSEGV'],
  [143, 'SIGTERM'],
])

/** How a program ended, for a person: `exit code 127 (command not found)`, `SIGKILL (killed)`. */
export function endingInWords(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `${signal} (${signals.get(signal) ?? 'a signal'})`
  const number = code ?? 0
  const passedOn = numbers.get(number)
  const meaning = codes.get(number) ?? (passedOn && `a shell's word for ${passedOn}: ${signals.get(passedOn)}`)
  return meaning ? `exit code ${number} (${meaning})` : `exit code ${number}`
}
