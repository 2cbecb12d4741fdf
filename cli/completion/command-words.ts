import { basename } from 'node:path'
import type { Command } from 'commander'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import { faultList } from '#contracts/faults/fault-list.ts'
import { shippedFiles } from '../scenario-source.ts'

/** One command as a shell completes it. */
export interface CommandWords {
  /** Words that lead to it, `import asyncapi`. */
  path: string[]
  description: string
  options: OptionWords[]
  /** What may be where an argument or a command within it may. */
  words: string[]
  /** Whether a file may be there. */
  takesFiles: boolean
}

export interface OptionWords {
  /** With its dashes. */
  name: string
  description: string
  /** Absent: it takes no value. */
  value?: { words: readonly string[]; files: boolean }
}

const isOfFiles = (placeholder: string): boolean => /^<?(file|document|scenario|journal|a|b)\b/.test(placeholder)

/** All that a shell can know of `faultline`, from the commands themselves. The first is the program. */
export async function completionWords(program: Command): Promise<CommandWords[]> {
  const scenarios = (await shippedFiles()).map((file) => basename(file, '.yaml'))
  const known: Record<string, readonly string[]> = { scenario: scenarios, type: faultList.map((fault) => fault.type) }
  const read = (command: Command, path: string[]): CommandWords[] => {
    const names = command.registeredArguments.map((argument) => argument.name())
    const isFault = command.name() === 'inject'
    const inner = command.commands.map((one) => one.name())
    const own: CommandWords = {
      path,
      description: command.description(),
      options: command.options.map(optionWords).concat({ name: '--help', description: 'show help' }),
      words: [...inner, ...names.flatMap((name) => (name === 'type' && !isFault ? [] : (known[name] ?? [])))],
      takesFiles: names.some(isOfFiles),
    }
    return [own, ...command.commands.flatMap((one) => read(one, [...path, one.name()]))]
  }
  return read(program, [])
}

function optionWords({ long, short, flags, description, required, optional }: Command['options'][number]): OptionWords {
  const name = long ?? short ?? flags
  if (!required && !optional) return { name, description }
  const placeholder = /<(.*)>/.exec(flags)?.[1] ?? ''
  return {
    name,
    description,
    value: { words: name === '--broker' ? brokerName.options : [], files: isOfFiles(placeholder) },
  }
}
