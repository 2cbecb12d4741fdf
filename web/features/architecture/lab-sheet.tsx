'use client'

import { type ReactNode, useEffect } from 'react'
import type { LabView } from '#contracts/api/lab.ts'
import { go, setParams, useParam } from '#web/live/url-state.ts'
import { saveFile } from '#web/ui/browser/save-file.ts'
import { Button, IconButton } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty, Panel, PanelHead } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { emptyClass, panelBody } from '#web/ui/recipes/panel-parts.ts'
import { Seg } from '#web/ui/seg.tsx'
import { Status } from '#web/ui/status.tsx'
import { isEdited, useLabDraft } from '../lab/draft-store.ts'
import { useDeclaredLab } from '../lab/lab-query.ts'
import { FileView, useFileProblems } from './file-view.tsx'
import { FormView } from './form-view.tsx'
import { drawnOf, servicesIn } from './lab-document.ts'
import { LabFoot } from './lab-foot.tsx'

const close = (): void => go('/', { as: undefined })

/** The lab as a draft: as a form of one service, or as the whole file. The lab runs on until the draft is applied. */
export function LabSheet() {
  const lab = useDeclaredLab()
  const begin = useLabDraft((draft) => draft.begin)
  const began = useLabDraft((draft) => draft.base !== undefined)
  const isForm = useParam('as') === 'form'
  const { data, error } = lab
  // After every drawing: what was applied leaves no draft, and the next one begins from the lab as it is then.
  useEffect(() => {
    if (data) begin(data)
  })
  return (
    <Panel kind={isForm ? 'node' : 'file'} label="Lab file">
      {data && began ? (
        <Sheet lab={data} isForm={isForm} />
      ) : (
        <>
          <PanelHead icon="file" title="Lab file" onClose={close} />
          {error ? (
            <Empty
              icon="alert"
              title={error.title}
              action={<Button onClick={() => void lab.refetch()}>Try again</Button>}
            >
              {error.detail}
            </Empty>
          ) : (
            <div className={emptyClass} aria-busy="true" />
          )}
        </>
      )}
    </Panel>
  )
}

function Sheet({ lab: { file, fixed, saved }, isForm }: { lab: LabView; isForm: boolean }) {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
  const text = useLabDraft((draft) => draft.text)
  const edited = useLabDraft(isEdited)
  useEffect(() => {
    const services = edited ? servicesIn(text) : []
    // A text that cannot be read draws nothing: the graph stays as the lab is.
    useLabDraft.setState({ drawn: services.length > 0 ? services.map(drawnOf) : undefined })
    return () => useLabDraft.setState({ drawn: undefined })
  }, [text, edited])
  return (
    <>
      <div className="border-b border-line">
        <PanelHead icon="file" title={name} onClose={close} actions={isForm ? undefined : <FileTools name={name} />}>
          {isForm ? null : <Facts text={text} />}
        </PanelHead>
        <EditTools isForm={isForm} />
      </div>
      <div className={panelBody} data-fades="">
        {fixed === undefined ? null : <Note title="Services are fixed here">{fixed}</Note>}
        {saved === 'changed' || saved === 'missing' ? (
          <Note title={saved === 'missing' ? 'The file is gone' : 'The file has changed'}>
            {saved === 'missing'
              ? 'The lab runs on with this text; Save is refused until the file is back.'
              : 'Somebody wrote it since the lab read it. The lab runs on with this text; Save leaves their file alone.'}
          </Note>
        ) : null}
        {isForm ? <FormView /> : <FileView file={name} />}
      </div>
      <LabFoot />
    </>
  )
}

const Note = ({ title, children }: { title: string; children: ReactNode }) => (
  <p className={cn(noteClass, 'mx-4 mt-3')}>
    <Icon name="alert" />
    <span>
      <b>{title}.</b> {children}
    </span>
  </p>
)

function Facts({ text }: { text: string }) {
  const problems = useFileProblems()
  const edited = useLabDraft(isEdited)
  return (
    <>
      <span className="truncate text-fg-3">
        {text.trimEnd().split('\n').length} lines{edited ? ', edited' : ''}
      </span>
      {problems.length === 0 ? null : (
        <Status tone="lost" glyph="lost">
          {problems.length === 1 ? '1 problem' : `${problems.length} problems`}
        </Status>
      )}
    </>
  )
}

function FileTools({ name }: { name: string }) {
  return (
    <>
      <CopyButton text={() => useLabDraft.getState().text} />
      <Button variant="ghost" small onClick={() => saveFile(name, useLabDraft.getState().text, 'application/yaml')}>
        <Icon name="download" size={12} />
        Save as…
      </Button>
    </>
  )
}

function EditTools({ isForm }: { isForm: boolean }) {
  const { past, future, undo, redo } = useLabDraft()
  return (
    <div className="flex items-center gap-1 px-4 pb-2">
      {isForm ? null : (
        <span className="min-w-0 truncate text-fg-3">The lab runs on; nothing changes until you apply.</span>
      )}
      <span className="flex-1" />
      <IconButton label="Undo" disabled={past.length === 0} onClick={undo}>
        <Icon name="undo" size={12} />
      </IconButton>
      <IconButton label="Redo" disabled={future.length === 0} onClick={redo}>
        <Icon name="redo" size={12} />
      </IconButton>
      <Seg
        className="ml-1"
        label="Edit as"
        value={isForm ? 'form' : 'yaml'}
        options={[
          { value: 'form', label: 'Form' },
          { value: 'yaml', label: 'YAML' },
        ]}
        onChange={(as) => setParams({ as: as === 'form' ? 'form' : undefined }, { replace: true })}
      />
    </div>
  )
}
