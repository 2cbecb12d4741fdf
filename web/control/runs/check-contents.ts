import { parseExact } from '#contracts/events/exact-numbers.ts'
import { pathOfPointer } from '#contracts/json-pointer.ts'
import { seedOf } from '#contracts/scenario/plan.ts'
import type { Scenario } from '#contracts/scenario/read-scenario.ts'
import type { FileProblem } from '#contracts/yaml-document/file-problem.ts'
import { messageMaker } from './load/message-maker.ts'
import type { RunLab } from './run-lab.ts'

/** What the schemas of the event types say against the payloads of a scenario: the first message of each template is tried. */
export async function checkContents(lab: RunLab, { file, document }: Scenario, seed: number): Promise<FileProblem[]> {
  const templates = [
    ...Object.entries(file.events).map(([name, { data, keys }]) => ({
      name,
      data,
      keys,
      path: ['events', name, 'data'],
    })),
    ...file.phases.map((phase, index) => ({
      ...{ name: phase.type, data: phase.data, path: ['phases', index, 'data'] },
      keys: phase.keys ?? (phase.type === undefined ? undefined : file.events[phase.type]?.keys),
    })),
  ]
  const found = await Promise.all(
    templates.map(async ({ name, data, keys, path }) => {
      const type = name === undefined ? undefined : lab.eventType(name)
      if (data === undefined || !type) return []
      const { body } = messageMaker({ type, data, keys, seed: seedOf(seed, 'trial') })(0)
      const errors = await lab.validator(type)(parseExact(body))
      return errors.map(({ path: pointer, message }) =>
        document.problemAt(
          [...path, ...pathOfPointer(pointer)],
          `the schema of ${type.name} refuses it: ${message}`,
          'write what its schema takes',
        ),
      )
    }),
  )
  return found.flat()
}
