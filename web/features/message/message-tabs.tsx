import type { Journey } from '#contracts/api/journey.ts'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { HeaderList } from '#web/ui/header-list.tsx'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { codeClass } from '#web/ui/recipes/code-block.ts'
import { pairsClass } from '#web/ui/recipes/pairs.ts'
import { useMessageRedrives } from '../nodes/message-redrives.ts'
import { Payload } from './payload-versions.tsx'

/** The data of the event, laid out, with the versions that redrives sent. */
export const PayloadTab = ({ journey }: { journey: Journey }) => (
  <Payload journey={journey} redrives={useMessageRedrives(journey) ?? []} />
)

/** What travels beside the body: CloudEvents attributes and the trace. */
export const HeadersTab = ({ journey }: { journey: Journey }) => {
  const headers = Object.entries(journey.headers)
  return (
    <Section
      title="Headers"
      aside="CloudEvents 1.0, binary mode"
      actions={<CopyButton text={headers.map(([name, value]) => `${name}: ${value}`).join('\n')} />}
    >
      <HeaderList headers={headers} look="lined" />
    </Section>
  )
}

/** The body as it was published, byte for byte, and what the broker calls it. */
export const RawTab = ({ journey }: { journey: Journey }) => {
  const bytes = new TextEncoder().encode(journey.raw).length
  return (
    <>
      <Section
        title="Body"
        aside={`${bytes.toLocaleString('en-US')} bytes, as published`}
        actions={<CopyButton text={journey.raw} />}
      >
        <pre className={cn(codeClass, 'px-3 py-1.5 leading-4 wrap-anywhere whitespace-pre-wrap')}>{journey.raw}</pre>
      </Section>
      <Section title="Broker">
        <dl className={pairsClass}>
          <dt>Broker</dt>
          <dd>{journey.broker}</dd>
          <dt>Topic</dt>
          <dd>
            <code>{journey.topic}</code>
          </dd>
          <dt>Its id there</dt>
          <dd>
            <code>{journey.publish.ref ?? 'not known'}</code>
          </dd>
          {journey.burstId === undefined ? null : (
            <>
              <dt>Burst</dt>
              <dd>
                <code>{journey.burstId}</code>
              </dd>
            </>
          )}
        </dl>
      </Section>
    </>
  )
}
