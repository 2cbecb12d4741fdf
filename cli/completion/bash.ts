import type { CommandWords, OptionWords } from './command-words.ts'

/** A script for bash 3.2 or newer. */
export function bashCompletion(commands: readonly CommandWords[]): string {
  const [program, ...inner] = commands
  const deepest = [...inner].sort((a, b) => b.path.length - a.path.length)
  const branches = [...deepest, ...(program ? [program] : [])].map(
    (command) => `    ${command.path.length === 0 ? '*' : `'${command.path.join(' ')}'*`}) ${branchOf(command)} ;;\n`,
  )
  return `# faultline completion for bash: put  eval "$(faultline completion bash)"  into ~/.bashrc
_faultline() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command='' word words files='' values=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) command="\${command:+$command }$word" ;; esac
  done
  case "$command" in
${branches.join('')}  esac
  COMPREPLY=()
  if [ -n "$values" ]; then words="\${values#words:}"; files=''; [ "$values" = files ] && { words=''; files=1; }
  elif [ "\${current#-}" != "$current" ]; then files=''; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ -n "$files" ]; then compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -F _faultline faultline
`
}

/** Sets what may come next, by the option before it if that takes a value. */
function branchOf({ options, words, takesFiles }: CommandWords): string {
  const valued = options.filter(({ value }) => value !== undefined)
  const cases = valued.map(({ name, value }) => `${name}) values=${valuesOf(value)} ;;`)
  const all = [...words, ...options.map(({ name }) => name)].join(' ')
  const chosen = cases.length === 0 ? '' : `case "$before" in ${cases.join(' ')} esac; `
  return `${chosen}words='${all}'${takesFiles ? '; files=1' : ''}`
}

const valuesOf = (value: OptionWords['value']): string =>
  value?.files ? 'files' : `'words:${(value?.words ?? []).join(' ')}'`
