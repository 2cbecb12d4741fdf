import { Field, Select } from '#web/ui/field.tsx'
import type { PlacedProblem } from '../code/file-problems.ts'
import { commandWords, type DraftService, type ServiceChange } from './lab-document.ts'
import { problemAt } from './problem-at.ts'
import { Typed } from './typed.tsx'

interface BodyFieldsProps {
  id: string
  service: DraftService
  /** What is wrong with the draft. */
  problems: readonly PlacedProblem[]
  onChange: (keys: ServiceChange) => void
}

/** What a service is made of, except for what a simulated one does. */
export function BodyFields({ id, service, problems, onChange }: BodyFieldsProps) {
  const run = (command: string, directory: string | undefined): void =>
    onChange({ run: { ...service.run, command: commandWords(command), directory: directory || undefined } })
  const wrong = (key: string): string | undefined => problemAt(problems, service.name, key)
  switch (service.body) {
    case 'builtin':
      return (
        <Field label="Does" htmlFor={`${id}-builtin`}>
          <Select
            id={`${id}-builtin`}
            value={service.builtin}
            onChange={(event) => onChange({ builtin: event.target.value })}
          >
            <option value="email">sends a mail</option>
            <option value="database">writes a row</option>
          </Select>
        </Field>
      )
    case 'run':
      return (
        <>
          <Field
            label="Command"
            aside="run by the lab, restarted when it ends"
            htmlFor={`${id}-command`}
            error={wrong('run.command')}
          >
            <Typed
              id={`${id}-command`}
              error={wrong('run.command')}
              mono
              value={service.command ?? ''}
              onTyped={(text) => run(text, service.directory)}
            />
          </Field>
          <Field
            label="Directory"
            aside="from the folder of the file"
            htmlFor={`${id}-directory`}
            error={wrong('run.directory')}
          >
            <Typed
              id={`${id}-directory`}
              error={wrong('run.directory')}
              mono
              value={service.directory ?? ''}
              placeholder="."
              onTyped={(text) => run(service.command ?? '', text)}
            />
          </Field>
        </>
      )
    case 'url':
      return (
        <Field label="Address" aside="each delivery is a POST there" htmlFor={`${id}-url`} error={wrong('url')}>
          <Typed
            id={`${id}-url`}
            error={wrong('url')}
            mono
            value={service.url ?? ''}
            onTyped={(url) => onChange({ url })}
          />
        </Field>
      )
    case 'simulate':
      return <p className="text-fg-3">The lab does the work in its place, as it says below.</p>
    case 'source':
      return null
  }
}
