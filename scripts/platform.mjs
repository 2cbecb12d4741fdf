/* Read by every Node, however old, so that one which is too old gets a message: it holds no newer syntax. */
var version = process.versions.node.split('.').map(Number)
var tooOld = version[0] < 20 || (version[0] === 20 && version[1] < 19) || (version[0] === 22 && version[1] < 12)

/** Why Faultline cannot run here, in a sentence that says what to do; undefined if it can. */
export var unfit = tooOld
  ? 'Faultline needs Node 20.19, 22.12 or newer; this is ' +
    process.versions.node +
    '. Get one at https://nodejs.org and start again.'
  : process.platform === 'win32'
    ? 'Faultline needs signals and process groups, which Windows has not. Start it inside WSL: https://learn.microsoft.com/windows/wsl'
    : undefined
