'use client'

import { useMemo } from 'react'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { useLabDraft } from '../lab/draft-store.ts'
import { useFileProblems } from './file-view.tsx'
import { addService, eventsIn, freeName, servicesIn } from './lab-document.ts'
import { ServiceForm } from './service-form.tsx'

/** The draft as a form: the services of the file, and the one that is selected on the graph or in the list. */
export function FormView() {
  const text = useLabDraft((draft) => draft.text)
  const base = useLabDraft((draft) => draft.base?.yaml)
  const edit = useLabDraft((draft) => draft.edit)
  const services = useMemo(() => servicesIn(text), [text])
  const known = useMemo(() => new Set(servicesIn(base ?? '').map(({ name }) => name)), [base])
  const events = useMemo(() => eventsIn(text), [text])
  const problems = useFileProblems()
  const asked = useParam('node')?.replace(/^[a-z_]+:/, '')
  const service = services.find(({ name }) => name === asked)
  const add = (): void => {
    const name = freeName(text)
    const first = events[0]
    edit(
      addService(text, name, {
        ...(first === undefined ? {} : { receives: [first] }),
        simulate: { work: { p50: '40ms', p99: '400ms' } },
      }),
    )
    setParams({ node: `consumer:${name}` }, { replace: true })
  }
  return (
    <>
      <Section
        title="Services"
        aside={service ? undefined : 'choose one here or on the graph'}
        actions={
          <Button small onClick={add}>
            <Icon name="plus" size={12} />
            Service
          </Button>
        }
      >
        <ul className="flex flex-wrap gap-1">
          {services.map(({ name, receives }) => (
            <li key={name}>
              <Button
                small
                variant={name === service?.name ? 'plain' : 'ghost'}
                aria-pressed={name === service?.name}
                onClick={() =>
                  setParams({ node: `${receives.length === 0 ? 'producer' : 'consumer'}:${name}` }, { replace: true })
                }
              >
                {name}
                {known.has(name) ? null : <span className="type-11 text-accent-fg">new</span>}
              </Button>
            </li>
          ))}
        </ul>
        {services.length === 0 ? (
          <p className="text-fg-3">The file has no services, or is not YAML: see it under YAML.</p>
        ) : null}
      </Section>
      {problems.map(({ place, path, message }) => (
        <p key={`${place} ${message}`} className="border-b border-line bg-lost-bg px-4 py-1.5 wrap-anywhere">
          <code className="text-lost-fg">{path || place}</code> {message}
        </p>
      ))}
      {service ? (
        <ServiceForm
          key={service.name}
          service={service}
          events={events}
          isNew={!known.has(service.name)}
          problems={problems}
        />
      ) : null}
    </>
  )
}
