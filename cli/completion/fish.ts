import type { CommandWords } from './command-words.ts'

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** Completion for fish 3 or newer, to be sourced by the shell. */
export function fishCompletion(commands: readonly CommandWords[]): string {
  const descriptions = new Map(commands.map(({ path, description }) => [path.join(' '), description]))
  const lines = commands.flatMap((command) => {
    const { path, options, words, takesFiles } = command
    const inner = commands.filter((one) => one.path.length === path.length + 1 && startsWith(one.path, path))
    const where = `-n ${quoted(
      condition(
        path,
        inner.map(({ path: one }) => one.at(-1) ?? ''),
      ),
    )}`
    const arguments_ = words.map((word) => {
      const description = descriptions.get([...path, word].join(' '))
      return `complete -c faultline ${where} -a ${quoted(word)}${description === undefined ? '' : ` -d ${quoted(description)}`}`
    })
    const switches = options.map(({ name, description, value }) => {
      const values = value === undefined ? '' : value.files ? ' -r -F' : ` -x -a ${quoted(value.words.join(' '))}`
      return `complete -c faultline ${where} -l ${name.replace(/^-+/, '')}${values} -d ${quoted(description)}`
    })
    return [...arguments_, ...switches, ...(takesFiles ? [`complete -c faultline ${where} -F`] : [])]
  })
  return `# faultline completion for fish: put  faultline completion fish | source  into ~/.config/fish/config.fish
complete -c faultline -f
${lines.join('\n')}
`
}

const startsWith = (path: readonly string[], beginning: readonly string[]): boolean =>
  beginning.every((word, index) => path[index] === word)

/** The words of the command are there, and none of a command within it. */
function condition(path: readonly string[], inner: readonly string[]): string {
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`)
  const unseen = inner.length === 0 ? [] : [`not __fish_seen_subcommand_from ${inner.join(' ')}`]
  return [...seen, ...unseen].join('; and ') || 'true'
}
