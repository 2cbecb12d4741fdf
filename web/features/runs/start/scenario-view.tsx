'use client'

import { useEffect, useId, useMemo, useRef, useState } from 'react'
import type { ScenarioItem } from '#contracts/api/run.ts'
import { useLive } from '#web/live/live-store.ts'
import { Button } from '#web/ui/button.tsx'
import { TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { noteClass } from '#web/ui/recipes/note.ts'
import { panelBody, panelFoot } from '#web/ui/recipes/panel-parts.ts'
import { Chip } from '#web/ui/status.tsx'
import type { EditorHandle } from '../../code/code-editor.tsx'
import { fileProblems, shownProblems } from '../../code/file-problems.ts'
import { ProblemStrip } from '../../code/problem-strip.tsx'
import { offsetAt } from '../../code/text-places.ts'
import { YamlEditor } from '../../code/yaml-editor.tsx'
import { durationWords } from '../../words/figures.ts'
import { ownFile } from '../list/scenario-rail.tsx'
import { brokersText, whyNot } from '../list/scenario-words.ts'
import { useScenarioCheck } from '../runs-queries.ts'
import { firstFile, seedOfText, useScenarioDrafts } from './scenario-drafts.ts'
import { RunUnderWayNote } from './under-way.tsx'
import { useStartRun } from './use-start-run.ts'

/** What a reader rests after typing before the file is checked, in milliseconds. */
const restMs = 350

function useRested<Value>(value: Value): Value {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}

/** A scenario as a file: what it does, what is wrong with it in this lab, and its run. `item` is absent for a file of the reader's. */
export function ScenarioView({ name, item }: { name: string; item: ScenarioItem | undefined }) {
  const { drafts, edit, drop } = useScenarioDrafts()
  const shipped = item?.text ?? firstFile
  const { text, seed } = drafts[name] ?? { text: shipped, seed: '' }
  const typed = seedOfText(seed)
  const rested = useRested(text)
  const check = useScenarioCheck(rested, typed.seed)
  const start = useStartRun()
  const underWay = useLive((live) => live.underWay)
  const broker = useLive((live) => live.lab?.broker)
  const isEdited = text !== shipped
  const problems = useMemo(
    () =>
      start.error?.code === 'invalid_scenario'
        ? fileProblems(start.error, text)
        : check.error
          ? fileProblems(check.error, text)
          : shownProblems(check.data ?? [], text),
    [start.error, check.error, check.data, text],
  )
  const isChecked = rested === text && !check.isFetching && check.data !== undefined
  const refusal = item && !isEdited ? whyNot(item, broker) : undefined
  const can = isChecked && problems.length === 0 && typed.problem === undefined && !underWay && refusal === undefined
  const change = (to: { text?: string; seed?: string }): void => {
    start.reset()
    edit(name, { text, seed, ...to })
  }
  return (
    <>
      <div className={panelBody} data-fades="">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-3 p-4">
          <About name={name} item={item} />
          {refusal === undefined ? null : (
            <p className={noteClass}>
              <Icon name="alert" />
              <span>
                It cannot be run here: <b>{refusal}</b>.
              </span>
            </p>
          )}
          <FileEditor
            file={name === ownFile ? 'scenario.yaml' : `${name}.yaml`}
            text={text}
            problems={problems}
            onChange={(to) => change({ text: to })}
          />
        </div>
      </div>
      <RunUnderWayNote />
      {start.error && start.error.code !== 'invalid_scenario' ? (
        <ProblemNote className="mx-4 mb-2" problem={start.error} />
      ) : null}
      <div className={panelFoot}>
        <Button
          variant="primary"
          disabled={!can || start.isPending}
          onClick={() => start.mutate({ scenario: text, ...(typed.seed === undefined ? {} : { seed: typed.seed }) })}
        >
          <Icon name="play" />
          {start.isPending ? 'Starting…' : 'Run'}
        </Button>
        <TextInput
          boxClass="w-36"
          before={<span className="text-fg-3">seed</span>}
          aria-label="Seed"
          aria-describedby="seed-said"
          inputMode="numeric"
          placeholder="of the file"
          value={seed}
          invalid={typed.problem !== undefined}
          onChange={({ target }) => change({ seed: target.value })}
        />
        {isEdited ? <Button onClick={() => drop(name)}>{item ? 'As shipped' : 'Begin again'}</Button> : null}
        <span className="flex-1" />
        <span className="min-w-0 truncate text-fg-3" role="status" id="seed-said">
          {typed.problem ??
            (isChecked
              ? problems.length === 0
                ? 'It can be run in this lab'
                : problems.length === 1
                  ? '1 problem'
                  : `${problems.length} problems`
              : text.trim() === ''
                ? 'Paste a scenario, or begin again'
                : 'Checking…')}
        </span>
      </div>
    </>
  )
}

function About({ name, item }: { name: string; item: ScenarioItem | undefined }) {
  if (!item) {
    return (
      <div className="grid gap-1">
        <h3 className="type-14 font-semibold">{name === ownFile ? 'A file of your own' : name}</h3>
        <p className="max-w-160 text-fg-2">
          Paste a scenario or write one. It is checked against this lab as you type, and nothing is run before you say
          so.
        </p>
      </div>
    )
  }
  return (
    <div className="grid gap-1.5">
      <h3 className="type-14 font-semibold">{item.title ?? name}</h3>
      {item.description === undefined ? null : <p className="max-w-160 text-fg-2">{item.description}</p>}
      <div className="flex flex-wrap items-center gap-1.5">
        <Chip>{brokersText(item)}</Chip>
        <Chip>{durationWords(item.durationMs)} and its drain</Chip>
        {item.tags.map((tag) => (
          <Chip key={tag}>{tag}</Chip>
        ))}
      </div>
    </div>
  )
}

interface FileEditorProps {
  file: string
  text: string
  problems: ReturnType<typeof fileProblems>
  onChange: (text: string) => void
}

function FileEditor({ file, text, problems, onChange }: FileEditorProps) {
  const id = useId()
  const editor = useRef<EditorHandle>(null)
  return (
    <div className="min-w-0">
      <YamlEditor ref={editor} file={file} value={text} problems={problems} describedBy={id} onChange={onChange} />
      <ProblemStrip
        id={id}
        problems={problems}
        onGo={({ place }) => {
          const [line = 1, column = 1] = (place ?? '').split(':').map(Number)
          editor.current?.goTo(offsetAt(text, line, column))
        }}
        onFix={({ token, fix }) => token && fix && editor.current?.replace(token, fix.text)}
      />
    </div>
  )
}
