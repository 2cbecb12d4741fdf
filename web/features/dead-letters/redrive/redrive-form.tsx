'use client'

import { useMemo, useState } from 'react'
import { type DeadLetterItem, redrive } from '#contracts/api/dead-letter.ts'
import { go } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { panelBody, panelFoot } from '#web/ui/recipes/panel-parts.ts'
import { useEventTypes } from '../../event-types/event-types-store.ts'
import { useSending } from '../../form/use-sending.ts'
import { validatorOf } from '../../schema/validator.ts'
import { count } from '../../words/figures.ts'
import { redrivePatch } from '../letter-link.ts'
import { ChangeSection } from './change-section.tsx'
import { DryRunSection } from './dry-run.tsx'
import { firstText, type PayloadDraft, readPayload } from './payload-draft.ts'
import { PayloadSection } from './payload-section.tsx'
import { noRamp, type RampDraft, readRamp } from './ramp-draft.ts'
import { RampSection } from './ramp-section.tsx'
import { readChange } from './read-change.ts'
import { type RedriveOptions, startRedrive } from './redrive-store.ts'
import type { RedriveTarget } from './redrive-target.ts'
import { useDryRun } from './use-dry-run.ts'

interface RedriveFormProps {
  target: RedriveTarget
  /** The one that is sent back: its payload can be edited. */
  letter?: DeadLetterItem
}

const unchanged: PayloadDraft = { changes: [], problems: [] }

/** What the form holds, of one letter or of several. */
interface RedriveDraft {
  /** The payload of the one letter. */
  text: string
  /** The change that goes into all of several. */
  changeText: string
  ramp: RampDraft
}

/** Edit (of one), dry run, ramp (of several), and the button that sends. */
export function RedriveForm({ target, letter }: RedriveFormProps) {
  const [draft, setDraft] = useState<RedriveDraft>(() => ({
    text: letter ? firstText(letter) : '',
    changeText: '',
    ramp: letter ? noRamp : { ...noRamp, canary: '1' },
  }))
  const { text, changeText, ramp } = draft
  const { sending, problem: sent, send, forget } = useSending()
  const edit = (patch: Partial<RedriveDraft>): void => {
    forget()
    setDraft((before) => ({ ...before, ...patch }))
  }
  const type = useTypeOf(letter)
  const validator = useMemo(() => type && validatorOf(type.schema), [type])
  const own = useMemo(
    () => (letter ? readPayload(letter, text, validator, undefined) : unchanged),
    [letter, text, validator],
  )
  const change = useMemo(() => readChange(letter ? '' : changeText), [letter, changeText])
  const { options: rampOptions, errors: rampErrors } = useMemo(() => readRamp(ramp), [ramp])
  const isAskable = own.problems.length === 0 && change.problem === undefined && Object.keys(rampErrors).length === 0
  const options: RedriveOptions = {
    ...rampOptions,
    ...(change.value === undefined ? {} : { change: change.value }),
    ...('payload' in own ? { payload: own.payload } : {}),
  }
  const dry = useDryRun(target, isAskable ? options : undefined)
  // What the server says of a field is at the field; the rest is in the dry run.
  const refused = sent ?? dry.problem
  const shown = letter ? readPayload(letter, text, validator, refused) : unchanged
  const at = (path: string): string | undefined => refused?.errors?.find((error) => error.path === path)?.message
  const fields = { canary: rampErrors.canary ?? at('/canary'), rate: rampErrors.rate ?? at('/ratePerSecond') }
  const errors = Object.fromEntries(Object.entries(fields).filter(([, message]) => message !== undefined))
  const isAtField = Object.keys(errors).length > 0 || shown.problems.length > 0
  const selected = dry.redrive?.selected ?? 0

  const start = async (): Promise<void> => {
    const done = await send(() => startRedrive(target, options))
    if (done !== undefined) go('/', redrivePatch(`run:${redrive.parse(done.value).id}`), { replace: true })
  }
  return (
    <form
      className="flex min-h-0 flex-1 flex-col"
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
    >
      <div className={panelBody} data-fades="">
        {letter ? (
          <PayloadSection
            letter={letter}
            text={text}
            draft={shown}
            schemaName={type && `${type.name} v${type.version}`}
            onChange={(next) => edit({ text: next })}
          />
        ) : null}
        {letter ? null : (
          <ChangeSection text={changeText} problem={change.problem} onChange={(next) => edit({ changeText: next })} />
        )}
        <DryRunSection
          title="2. Dry run"
          run={{ ...dry, problem: isAtField ? undefined : refused }}
          blocked={isAtField ? 'It runs once the marked lines are corrected.' : undefined}
        />
        {letter ? null : (
          <RampSection title="3. Ramp" draft={ramp} errors={errors} onChange={(next) => edit({ ramp: next })} />
        )}
      </div>
      <div className={panelFoot}>
        <Button
          variant="primary"
          type="submit"
          disabled={sending || dry.waiting || !isAskable || refused !== undefined || selected === 0}
        >
          <Icon name="retry" />
          {sending ? 'Sending' : wordsOf(letter, shown, selected)}
        </Button>
        <span className="min-w-0 truncate text-fg-3">{letter ? 'to its own group alone' : null}</span>
      </div>
    </form>
  )
}

function wordsOf(letter: DeadLetterItem | undefined, { changes }: PayloadDraft, selected: number): string {
  if (letter) return changes.length > 0 ? 'Redrive edited' : 'Redrive as it is'
  return selected === 0 ? 'Redrive' : `Redrive ${count(selected)}`
}

function useTypeOf(letter: DeadLetterItem | undefined) {
  const { items } = useEventTypes()
  return letter && items.find(({ name }) => name === letter.type)
}
