/* `npm run sns-sqs`. No newer syntax here, for the same reason as in platform.mjs: everything else is loaded after the check. */
import { unfit } from './platform.mjs'

if (unfit) {
  console.error(unfit)
  process.exitCode = 1
} else {
  import('./start-sns-sqs.mjs').then((simulator) => simulator.startSimulatorAlone())
}
