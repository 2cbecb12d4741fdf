/** Sent to the window when something was chosen that the dock shows: a closed dock opens. */
export const dockEvent = 'faultline:open-dock'

export const openDock = (): void => void window.dispatchEvent(new Event(dockEvent))
