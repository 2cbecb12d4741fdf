/** What has to go with the packages of these files, relative to the checkout. Throws where the license of one has no text. */
export function licensesOf(files: readonly string[]): string
