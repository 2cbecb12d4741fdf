'use client'

import { create } from 'zustand'
import { deleteTemplate, loadTemplates, saveTemplate, type Template } from './templates.ts'

interface TemplateState {
  templates: Template[]
  /** Why the last save was refused by the browser. */
  failure: string | undefined
  load: () => void
  save: (template: Template) => boolean
  remove: (name: string) => void
}

/** The templates of this browser. */
export const useTemplates = create<TemplateState>()((set) => ({
  templates: [],
  failure: undefined,
  load: () => set({ templates: loadTemplates(window.localStorage) }),
  save: (template) => {
    try {
      set({ templates: saveTemplate(window.localStorage, template), failure: undefined })
      return true
    } catch (error) {
      set({ failure: `This browser does not store it: ${error instanceof Error ? error.message : String(error)}` })
      return false
    }
  },
  remove: (name) => set({ templates: deleteTemplate(window.localStorage, name) }),
}))
