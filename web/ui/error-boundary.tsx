'use client'
import { Component, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

interface ErrorBoundaryProps {
  /** What is inside, as a reader calls it: `Publish`. */
  name: string
  /** Called when it failed: forgets what was remembered of it, so that another try does not begin with the same. */
  forget?: () => void
  children: ReactNode
}

interface ErrorBoundaryState {
  failed: { message: string } | undefined
}

/** Keeps a part of the page that fails from taking the rest with it: says what failed, and offers to try again. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { failed: undefined }

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { failed: { message: error instanceof Error ? error.message : String(error) } }
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
    return (
      <section className="empty" aria-label={this.props.name} role="alert">
        <Icon name="alert" size={16} />
        <p>
          <b>{this.props.name} could not be shown</b>
        </p>
        <p className="t3">{failed.message}</p>
        <Button small onClick={() => this.setState({ failed: undefined })}>
          Try again
        </Button>
      </section>
    )
  }
}
