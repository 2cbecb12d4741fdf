/** One sentence that says what failed and how to mend it. */
export function explainFailure(error) {
  const said = `${error.code ?? ''} ${error.message} ${error.output ?? ''}`
  const folder = error.path ?? 'the checkout'
  if (/ENOSPC|no space left on device/i.test(said))
    return `The disk is full: free about 1.5 GB for packages and build, then run npm start again.`
  if (/EROFS|read-only file system/i.test(said))
    return `${folder} is read-only: move the checkout to a folder that can be written.`
  if (/\bEACCES\b|\bEPERM\b|permission denied/i.test(said))
    return `This account may not write to ${folder}: give it the right to (chown), or move the checkout.`
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/i.test(said) && /install/.test(error.message)) {
    return 'The packages could not be downloaded: connect to the network (or set the registry of npm), then run npm start again.'
  }
  // npm says what matters first and how to use it afterwards; compilers say it last.
  const lines = (error.output ?? '').trimEnd().split('\n')
  const fromNpm = lines.filter((line) => /^npm (error|ERR!)/.test(line)).slice(0, 12)
  const output = (fromNpm.length > 0 ? fromNpm : lines.slice(-40)).join('\n')
  return output === '' ? error.message : `${error.message}. It said:\n\n${output}\n`
}
