import { resolve } from 'node:path'
import type { Command } from 'commander'
import { serviceName } from '#contracts/lab-declaration.ts'
import { isSchemaObject } from '#contracts/schemas/walk-schema.ts'
import { problemInWords } from '#contracts/yaml-document/file-problem.ts'
import { documentProblems } from '../async-api/check-document.ts'
import { type ImportProblem, inOrder } from '../async-api/import-problem.ts'
import { type Application, importedLab } from '../async-api/imported-lab.ts'
import { labText } from '../async-api/lab-text.ts'
import { operationsOf } from '../async-api/operations.ts'
import { type SourceFile, SourceFiles } from '../async-api/source-files.ts'
import { serviceNameOf } from '../async-api/valid-names.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { writeOutput } from '../output/write-output.ts'

interface ImportOptions {
  out?: string
  name?: string
  inline?: boolean
  json?: boolean
}

export function addImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .description('make a lab file of what describes a system already')
    .addHelpText('after', '\nExamples:\n  faultline import asyncapi payment.yaml shipping.yaml --out faultline.yaml')
    .command('asyncapi')
    .description('make a lab file of AsyncAPI documents of versions 2 and 3, one application each')
    .argument('<document...>', 'files, in YAML or JSON')
    .option('--out <file>', 'lab file to write. Default: standard output, as a file of the working folder')
    .option('--name <name>', 'name of the lab. Default: that of the application, or `imported` for several')
    .option('--inline', 'write schemas into the lab file in place of references to the documents')
    .option('--json', 'print JSON: the text, notes and problems')
    .addHelpText(
      'after',
      `
An application is a service, its messages are events, and the lab does its work until you name a program for it. In documents of version 2
\`publish\` is what an application receives and \`subscribe\` what it sends, as their specification says. Notes on standard error tell what differs.

Exit codes: 0 made, 2 a document is not valid; then nothing is written and every problem is reported with its place.

Examples:
  faultline import asyncapi payment.yaml shipping.yaml --out faultline.yaml
  faultline import asyncapi orders.json --inline > faultline.yaml`,
    )
    .action((given: string[], options: ImportOptions) => importAsyncApi([...new Set(given)], options, context))
}

async function importAsyncApi(given: string[], options: ImportOptions, context: CommandContext): Promise<void> {
  const named = options.name === undefined ? undefined : serviceName.safeParse(options.name)
  if (named?.success === false)
    throw new CommandError(`--name ${named.error.issues[0]?.message ?? 'is not valid'}`, exitCodes.invalid)
  const files = new SourceFiles(process.cwd())
  const documents: SourceFile[] = []
  for (const name of given) {
    const file = await files.read(name)
    if (file !== undefined) documents.push(file)
  }
  const problems = [...files.problems]
  // What the files themselves are not able to say would be reported again by the parser, in other words.
  if (problems.length === 0) for (const file of documents) problems.push(...(await documentProblems(file, files)))
  const shown = documents.map(({ path }) => files.shown(path))
  if (problems.length > 0) return refuse(inOrder(problems, shown), options, context)

  const applications = documents.map(
    (file): Application => ({ title: titleOf(file), file, operations: operationsOf(file, files) }),
  )
  if (applications.every(({ operations }) => operations.length === 0)) {
    const cause = 'no operation is described, so nothing is sent or received'
    const remedy = 'describe `operations`, in version 2 `publish` and `subscribe` of channels'
    return refuse([{ file: shown[0] ?? '', line: 1, column: 1, path: '', cause, remedy }], options, context)
  }
  const [only, ...others] = applications
  const name = options.name ?? (only && others.length === 0 ? serviceNameOf(only.title) : 'imported')
  const file = resolve(options.out ?? 'faultline.yaml')
  const made = await labText(importedLab(applications), {
    name,
    file,
    inline: options.inline === true,
    documents: shown,
  })
  if (made.problems.length > 0)
    return refuse(
      made.problems.map((problem) => ({ file: 'the lab file', ...problem })),
      options,
      context,
    )
  if (options.out !== undefined) await writeOutput(file, made.text)
  if (options.json)
    return context.output.line(JSON.stringify({ text: made.text, notes: made.notes, problems: [] }, undefined, 2))
  for (const note of made.notes) context.complain(`note: ${note}`)
  context.output.line(options.out === undefined ? made.text.trimEnd() : `${options.out} is written`)
}

function refuse(problems: readonly ImportProblem[], { json }: ImportOptions, context: CommandContext): void {
  context.exitWith(exitCodes.invalid)
  if (json) context.output.line(JSON.stringify({ notes: [], problems }, undefined, 2))
  else for (const problem of problems) context.complain(`${problem.file}:${problemInWords(problem)}`)
}

function titleOf({ yaml }: SourceFile): string {
  const info = isSchemaObject(yaml.value) ? yaml.value.info : undefined
  return isSchemaObject(info) && typeof info.title === 'string' ? info.title : 'application'
}
