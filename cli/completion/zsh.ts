import type { CommandWords } from './command-words.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
/** In a specification of `_arguments` brackets and colons mean something. */
const plain = (text: string): string => text.replaceAll(/[[\]]/g, '').replaceAll(':', '\\:')

/** Completion for zsh, to be sourced by the shell. */
export function zshCompletion(commands: readonly CommandWords[]): string {
  const byDepth = [...commands].sort((a, b) => b.path.length - a.path.length)
  return `#compdef faultline
# faultline completion for zsh: put  eval "$(faultline completion zsh)"  into ~/.zshrc, after compinit
_faultline() {
  local command='' word
  for word in \${words[2,CURRENT-1]}; do
    case $word in -*) ;; *) command="\${command:+$command }$word" ;; esac
  done
  case $command in
${byDepth.map(branchOf).join('')}  esac
}
compdef _faultline faultline
`
}

function branchOf({ path, options, words, takesFiles }: CommandWords): string {
  const specifications = options.map(({ name, description, value }) => {
    const action = value?.files ? '_files' : `(${(value?.words ?? []).join(' ')})`
    return quoted(`${name}[${plain(description)}]${value === undefined ? '' : `:value:${action}`}`)
  })
  const choices = words.length === 0 ? [] : [`compadd -- ${words.map(quoted).join(' ')}`]
  const all = [...choices, ...(takesFiles ? ['_files'] : [])]
  const argument = all.length === 0 ? [] : [quoted(`*:argument:{ ${all.join('; ')} }`)]
  const pattern = path.length === 0 ? '*' : `${quoted(path.join(' '))}*`
  return `    ${pattern}) _arguments ${[...specifications, ...argument].join(' ')} ;;\n`
}
