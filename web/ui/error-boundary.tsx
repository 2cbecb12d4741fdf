'use client'
import { Component, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { Empty } from './panel.tsx'

interface ErrorBoundaryProps {
  /** What is inside, as a reader calls it: `Publish`. */
  name: string
  /** Called when it failed: forgets what was remembered of it, so that another try does not begin with the same. */
  forget?: () => void
  children: ReactNode
}

interface ErrorBoundaryState {
  /** `isUnloaded`: a part of the program could not be fetched, which only another load of the page fetches again. */
  failed: { message: string; isUnloaded: boolean } | undefined
}

/** Keeps a part of the page that fails from taking the rest with it: says what failed, and offers to try again. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { failed: undefined }

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
    return { failed: { message, isUnloaded: name === 'ChunkLoadError' } }
  }

  override componentDidCatch(): void {
    try {
      this.props.forget?.()
    } catch (error) {
      // A browser that lets nobody store anything remembers nothing either.
      if (!(error instanceof DOMException)) throw error
    }
  }

  override render(): ReactNode {
    const { failed } = this.state
    if (failed === undefined) return this.props.children
    const { name } = this.props
    const action = failed.isUnloaded ? (
      <Button small onClick={() => window.location.reload()}>
        Load the page again
      </Button>
    ) : (
      <Button small onClick={() => this.setState({ failed: undefined })}>
        Try again
      </Button>
    )
    return (
      <section className="grid min-h-0 min-w-0 flex-1" aria-label={name} role="alert">
        <Empty
          icon="alert"
          title={failed.isUnloaded ? `${name} could not be loaded` : `${name} could not be shown`}
          action={action}
        >
          {failed.isUnloaded ? 'The lab did not answer while this part of the page was fetched.' : failed.message}
        </Empty>
      </section>
    )
  }
}
