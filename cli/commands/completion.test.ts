import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { faultline } from '../fixtures/scripted-program.ts'

const scriptFor = async (shell: string): Promise<string> => (await faultline(['completion', shell])).out

/** What a real bash offers after these words, the last of which is not finished. */
async function offered(...words: string[]): Promise<string[]> {
  const line = ['faultline', ...words].map((word) => `'${word}'`).join(' ')
  const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _faultline; printf '%s\\n' "\${COMPREPLY[@]}"`
  const script = `${await scriptFor('bash')}\n${ask}`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n')
}

test.each<[string, string[], string[]]>([
  ['commands', ['rep'], ['report']],
  ['commands of a command', ['import', ''], ['asyncapi', '--help']],
  ['names of scenarios', ['run', 'poison'], ['poison-message']],
  ['names after options and other names', ['run', '--broker', 'redis', 'hot-key', 'zombie'], ['zombie-consumer']],
  ['kinds of fault', ['inject', 'process.k'], ['process.kill']],
  ['options', ['run', '--ju'], ['--junit']],
  ['values of an option', ['run', '--broker', ''], ['local', 'redis', 'kafka']],
  ['files where an option takes one', ['compose', '--lab', 'package.js'], ['package.json']],
  ['files where an argument is one', ['import', 'asyncapi', 'package.js'], ['package.json']],
  ['nothing where anything may come', ['publish', '--key', 'pack'], ['']],
])('bash offers %s', async (_, words, expected) => {
  expect((await offered(...words)).sort()).toEqual([...expected].sort())
})

test('zsh and fish are given the same: every command, its options, names of scenarios', async () => {
  const [zsh, fish] = [await scriptFor('zsh'), await scriptFor('fish')]
  for (const word of [
    'compose',
    'asyncapi',
    'poison-message',
    'zombie-consumer',
    'process.kill',
    'local redis kafka',
  ]) {
    expect(zsh).toContain(word)
    expect(fish).toContain(word)
  }
  expect(zsh.split('\n')[0]).toBe('#compdef faultline')
  expect(fish).toMatch(/-n '__fish_seen_subcommand_from run' -l junit -r -F -d 'write a JUnit report'/)
})

test('a shell that is not known is refused', async () => {
  expect(await faultline(['completion', 'zhs'])).toMatchObject({
    code: 2,
    complaints: 'there is no completion for zhs; did you mean zsh?',
  })
})

test('the help of every command ends with examples', async () => {
  const { out } = await faultline(['--help'])
  const names = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name ?? '').filter((name) => name !== 'help')
  expect(names.length).toBeGreaterThan(15)
  for (const name of names)
    expect([name, (await faultline([name, '--help'])).out]).toEqual([name, expect.stringMatching(/Examples?:\n/)])
})
