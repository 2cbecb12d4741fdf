/** Path of a Chromium, installed now where it may be. Throws one sentence. */
export function provideChromium(): string
