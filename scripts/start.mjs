/*
 * `npm start`. This file is read by every Node, however old, so that one which is too old is told so: it holds no newer
 * syntax, and everything else is loaded after the check.
 */
var version = process.versions.node.split('.').map(Number)
var tooOld = version[0] < 20 || (version[0] === 20 && version[1] < 19) || (version[0] === 22 && version[1] < 12)

if (tooOld) {
  console.error(
    'Faultline needs Node 20.19, 22.12 or newer; this is ' +
      process.versions.node +
      '. Get one at https://nodejs.org and start again.',
  )
  process.exitCode = 1
} else if (process.platform === 'win32') {
  console.error(
    'Faultline needs signals and process groups, which Windows has not. Start it inside WSL: https://learn.microsoft.com/windows/wsl',
  )
  process.exitCode = 1
} else {
  import('./start-lab.mjs').then((lab) => lab.startLab())
}
