'use client'

import { useEffect } from 'react'
import { go, setParams, useParam } from '#web/live/url-state.ts'
import { Button, IconButton } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty, Panel, PanelHead } from '#web/ui/panel.tsx'
import { emptyClass, panelBody } from '#web/ui/recipes/panel-parts.ts'
import { saveFile } from '#web/ui/save-file.ts'
import { Seg } from '#web/ui/seg.tsx'
import { Status } from '#web/ui/status.tsx'
import { isEdited, useLabDraft } from './draft-store.ts'
import { FileView, useFileProblems } from './file-view.tsx'
import { FormView } from './form-view.tsx'
import { LabFoot } from './lab-foot.tsx'
import { useDeclaredLab } from './lab-query.ts'

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
        <Sheet file={data.file} isForm={isForm} />
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

function Sheet({ file, isForm }: { file: string; isForm: boolean }) {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
  const text = useLabDraft((draft) => draft.text)
  return (
    <>
      <div className="border-b border-line">
        <PanelHead icon="file" title={name} onClose={close} actions={isForm ? undefined : <FileTools name={name} />}>
          {isForm ? null : <Facts text={text} />}
        </PanelHead>
        <EditTools isForm={isForm} />
      </div>
      <div className={panelBody} data-fades="">
        {isForm ? <FormView /> : <FileView file={name} />}
      </div>
      <LabFoot />
    </>
  )
}

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
      <span className="min-w-0 truncate text-fg-3">The lab runs on; nothing changes until you apply.</span>
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
