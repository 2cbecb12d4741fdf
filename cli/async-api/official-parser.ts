/** The official parser of AsyncAPI as far as it is used here: a module of its own, so that it is built into a file of its own, with all that it needs. */
export { type AsyncAPIDocumentInterface, type Diagnostic, Parser } from '@asyncapi/parser'
