import type { Command } from 'commander'
import { nameRemedy } from '#contracts/yaml-document/closest-name.ts'
import type { CommandContext } from '../command-context.ts'
import { bashCompletion } from '../completion/bash.ts'
import { type CommandWords, completionWords } from '../completion/command-words.ts'
import { fishCompletion } from '../completion/fish.ts'
import { zshCompletion } from '../completion/zsh.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'

const shells: Record<string, (commands: readonly CommandWords[]) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

export function addCompletion(program: Command, context: CommandContext): void {
  program
    .command('completion')
    .description('print what lets a shell complete commands, options, and names of scenarios and faults')
    .argument('<shell>', Object.keys(shells).join(', '))
    .addHelpText(
      'after',
      `
Examples:
  eval "$(faultline completion bash)"      in ~/.bashrc
  eval "$(faultline completion zsh)"       in ~/.zshrc, after compinit
  faultline completion fish | source       in ~/.config/fish/config.fish`,
    )
    .action(async (shell: string) => {
      const write = Object.hasOwn(shells, shell) ? shells[shell] : undefined
      if (write === undefined)
        throw new CommandError(
          `there is no completion for ${shell}; ${nameRemedy(shell, Object.keys(shells))}`,
          exitCodes.invalid,
        )
      context.output.line(write(await completionWords(program)).trimEnd())
    })
}
