import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { brokerAtStart, startIdOf } from '#contracts/brokers/broker-choice.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { addressingOf } from '#contracts/brokers/broker-settings.ts'
import { sharedProblem } from '#contracts/lab.ts'
import type { AgentStatus, TelemetryFrame } from '#contracts/protocols/agent.ts'
import { reportTokenOf } from '#contracts/protocols/report-token.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { createRedactor } from '#contracts/secrets.ts'
import { createMeters } from '#monitoring/metrics/meters.ts'
import { exportCollector } from '#monitoring/otlp/export-collector.ts'
import { createCommandRouter } from './command-router.ts'
import { openConfigFile } from './config-file.ts'
import type { SidecarEnv } from './env.ts'
import { createFaultRunner } from './faults/fault-runner.ts'
import { createLinkFaults } from './faults/link-faults.ts'
import { impossible, processFaults } from './faults/process-faults.ts'
import { createWorkerFaults } from './faults/worker-faults.ts'
import { calledLinks } from './links/called-url.ts'
import { startLinkOpener } from './links/link-opener.ts'
import { openLinkSet } from './links/link-set.ts'
import { openMetricsPage } from './metrics/metrics-page.ts'
import { sidecarCollector } from './metrics/sidecar-collector.ts'
import { createWorkerMeters } from './metrics/worker-meters.ts'
import { createCrashWatch } from './replicas/crash-watch.ts'
import { createLineLimit } from './replicas/line-limit.ts'
import type { Printer } from './replicas/printer.ts'
import { createReplicas, type Target } from './replicas/replicas.ts'
import { createSidecarLog, openLokiExport } from './replicas/sidecar-log.ts'
import { createWorkerLines } from './replicas/worker-lines.ts'
import type { LogEntry } from './replicas/worker-log.ts'
import { createSeats, type SeatTarget } from './seats/seats.ts'
import { createFrameSource } from './telemetry/frame-source.ts'
import { createTelemetryBuffer } from './telemetry/telemetry-buffer.ts'
import { openUplink } from './uplink/uplink.ts'

export interface Sidecar {
  /** Stops the replicas, hands over what telemetry it can, and closes. Once. */
  stop(reason: string): Promise<void>
}

export interface SidecarOptions {
  env: SidecarEnv
  printer: Printer
  /** Telemetry that is kept while the control plane is away. Default 64 MB. */
  bufferBytes?: number
}

const defaultBufferBytes = 64 * 1024 * 1024
const commandTimeoutMs = 30_000
/** How long web waits at most for the end of services that go, and that share a process. */
const seatsWithinMs = 4_000
/** A worker may use its whole grace time; only then is it killed. */
const killAfterGraceMs = 400
/** How long the last telemetry may take to reach the control plane. */
const flushMs = 700
/** At most one line in this time says that telemetry is dropped. */
const dropWarningMs = 5_000

/**
 * Everything about one worker that is not the worker: its links, its replicas, their lines and telemetry, and the
 * connection to the control plane. RUNNING → STOPPING → STOPPED. Rejects if a link's address cannot be read.
 */
export async function startSidecar({
  env,
  printer,
  bufferBytes = defaultBufferBytes,
}: SidecarOptions): Promise<Sidecar> {
  const { service } = env
  const ownName = `${service}.sidecar`
  const now = Date.now
  const dropWarning = createLineLimit({ perWindow: 1, windowMs: dropWarningMs, onHeldBack: () => undefined })
  const buffer = createTelemetryBuffer({
    maxBytes: bufferBytes,
    onDropped() {
      if (dropWarning.admit())
        say('error', `the telemetry buffer is full: ${buffer.dropped()} frames were dropped. Is the control plane up?`)
    },
  })
  const own = createFrameSource(ownName, (frame) => {
    buffer.push(frame)
    uplink.wake()
  })
  const logs = openLokiExport(env.lokiUrl, (...line) => say(...line))
  const redact = createRedactor({
    ...env.inherited,
    ...env.effectUrls,
    ...{ FAULTLINE_TOKEN: env.token, FAULTLINE_AGENT_TOKEN: env.agentToken },
  })
  const { record } = createSidecarLog({
    ...{ service, level: env.logLevel, printer, toControlPlane: own.log, toLoki: logs?.push },
    hosted: (instance) => seats?.serviceOf(instance),
  })
  function say(level: LogEntry['level'], message: string, instance = ownName): void {
    record(instance, { at: now(), level, message: redact(message) })
  }

  const linkFaults = createLinkFaults()
  const called = calledLinks(service, env.calledUrl)
  const links = await openLinkSet(service, env.brokerSettings, env.effectUrls, linkFaults.open, called)
  const opener = await startLinkOpener(async (host, port) => {
    const { port: proxyPort } = await links.openAdvertised(host, port)
    say('info', `opened the link ${service}->broker to ${host}:${port}, which the cluster names`)
    return proxyPort
  })
  const meters = createMeters('sidecar')
  const workerMeters = createWorkerMeters(meters, service)
  const metrics = await openMetricsPage(env, meters, () => status())
  const start = startIdOf(env.agentToken)
  const origin = { start, ...(env.givenBroker === undefined ? {} : { given: env.givenBroker }) }
  const config = openConfigFile({
    dataDir: env.dataDir,
    service,
    origin,
    onProblem: (problem, error) => say('warn', `${problem} (${error instanceof Error ? error.message : error})`),
  })
  const crashes = createCrashWatch({
    onChange: (notes) => void router.toAll({ kind: 'crashes', crashes: notes }),
    onSuspicion: (message) => say('warn', message),
  })
  const takeFrame = (frame: TelemetryFrame, broker: BrokerName): readonly TelemetryRecord[] => {
    const records = workerMeters.take(frame.body, broker)
    buffer.push(frame)
    uplink.wake()
    return records
  }
  // Simulated services run no code of a user's: what they handle ends no process, so no message is suspected.
  const seats = env.isShared
    ? createSeats({
        host: () => replicas.all()[0]?.status(),
        epochs: (...asked) => uplink.epochs(...asked),
        onTelemetry: (frame, broker) => void takeFrame(frame, broker),
        write: own.write,
        onChange: () => uplink.statusChanged(),
        onEvent: say,
        now,
      })
    : undefined
  const optionsOf: Parameters<typeof createReplicas>[0]['optionsOf'] = (instance, broker) => {
    const output = createWorkerLines(now, (entry) => record(instance, entry))
    const report: Record<string, string> = env.ofWorker.FAULTLINE_BODY
      ? { FAULTLINE_REPORT_TOKEN: reportTokenOf(env.agentToken, instance) }
      : {}
    const redactOwn = createRedactor(report)
    return {
      instance,
      broker,
      entry: env.workerEntry,
      preload: env.linkPreload,
      env: {
        ...env.inherited,
        ...env.ofWorker,
        FAULTLINE_SERVICE: service,
        FAULTLINE_GRACE_MS: String(env.graceMs),
        ...report,
        FAULTLINE_LINKS: JSON.stringify(
          links
            .of(broker)
            .map(({ link: { id, host, port }, port: proxyPort }) => ({ link: id, host, port, proxyPort })),
        ),
        ...(addressingOf(broker).form === 'cluster' ? { FAULTLINE_LINK_OPENER: opener.address } : {}),
        BROKER: broker,
        LOG_LEVEL: env.logLevel,
        ...env.effectUrls,
      },
      ...(env.publishes ? { epoch: uplink.epoch } : {}),
      config: () => config.current()?.worker,
      faults: (name) => workerFaults.of(name),
      crashes: crashes.notes,
      commandTimeoutMs,
      onChange: () => uplink.statusChanged(),
      onTelemetry(frame) {
        crashes.take(instance, takeFrame(frame, broker))
      },
      ...(seats === undefined
        ? {}
        : { seats: { frame: seats.frame, started: (process) => seats.started(process, broker) } }),
      onOutput: (stream, line) => output.take(stream, redactOwn(redact(line))),
      onGone(incarnation, how, commanded) {
        own.write([{ kind: 'process.ended', at: now(), service, instance, incarnation, how }])
        crashes.ended(instance, how, commanded)
        seats?.gone(how)
      },
      onEvent: (level, message) => say(level, `${instance} ${message}`, instance),
    }
  }
  const replicas = createReplicas({
    service,
    graceMs: env.graceMs + killAfterGraceMs,
    optionsOf,
    async openBroker(broker) {
      const { hosted, replicas: counts } = seatsWanted()
      const problem = sharedProblem(
        hosted.reduce((sum, { name }) => sum + (counts[name] ?? 1), 0),
        broker,
      )
      if (problem !== undefined) throw new Error(problem)
      await links.openBroker(broker)
    },
    closeOtherBrokers: links.closeOtherBrokers,
    onEvent: say,
    onChange: () => uplink.statusChanged(),
  })
  const target = (): Target => {
    const known = config.current()
    return {
      broker: isConfigured && known ? known.broker : brokerAtStart(env.givenBroker, start, config.kept),
      // A process without a service to host is not needed.
      count: env.isShared ? Math.min(1, known?.hosted?.length ?? 0) : (known?.replicas[service] ?? env.replicas),
    }
  }
  const seatsWanted = (): SeatTarget => {
    const { hosted = [], replicas: counts = {} } = config.current() ?? {}
    return { hosted, replicas: counts }
  }
  /** Whether the control plane has spoken to this process. */
  let isConfigured = false
  const workerFaults = createWorkerFaults(replicas.all)
  const faults = createFaultRunner({
    perform: {
      'sidecar-process': processFaults(replicas.all),
      'sidecar-link': linkFaults.perform,
      runtime: workerFaults.perform,
      producer: workerFaults.perform,
      supervisor: () => impossible('a sidecar does not run the broker'),
      simulator: () => impossible('a sidecar is not the broker'),
    },
    onChange: () => uplink.statusChanged(),
    onEvent: say,
  })
  function status(): AgentStatus {
    const problem = replicas.problem()
    return {
      service,
      pid: process.pid,
      replicas: replicas.all().map((replica) => replica.status()),
      links: links.status(),
      faults: faults.status(),
      droppedFrames: buffer.dropped(),
      metricsAddress: metrics.address,
      ...(problem === undefined ? {} : { problem }),
    }
  }
  const router = createCommandRouter(replicas.all)
  const uplink = openUplink({
    url: env.webUrl,
    auth: { token: env.agentToken, service, sidecarId: randomUUID() },
    buffer,
    status: () => (seats ? { ...status(), hosted: seats.takeChanged() } : status()),
    onConnect: () => seats?.forgetReported(),
    async onConfigure(next) {
      isConfigured = true
      const isNew = config.take(next)
      replicas.want(target())
      // Queues of what goes are deleted after this answer.
      await Promise.race([seats?.want(seatsWanted()), sleep(seatsWithinMs, undefined, { ref: false })])
      return isNew ? router.toAll({ kind: 'configure', config: next.worker }) : { id: 0, ok: true }
    },
    onCommand: router.route,
    onFaults: (held, of) => (of === undefined ? faults.hold(held) : seats?.holdFaults(of, held)),
    onTrouble(problem) {
      if (problem === undefined) say('info', `connected to the control plane at ${env.webUrl}`)
      else say('warn', `${problem}; tries again until it answers`)
    },
  })
  meters.addCollector(
    sidecarCollector({
      ...{ status, now, gauges: workerMeters.gauges },
      ...(seats ? { hosted: seats.all } : {}),
      bufferedFrames: buffer.length,
      connected: uplink.connected,
    }),
  )
  if (logs) meters.addCollector(exportCollector({ logs: logs.figures }))
  replicas.want(target())
  void seats?.want(seatsWanted())

  let stopped: Promise<void> | undefined
  async function stop(reason: string): Promise<void> {
    say('info', `stopping: ${reason}`)
    // Replicas first: one that a fault keeps dead must not start for its last second.
    const stopping = replicas.stop(env.graceMs + killAfterGraceMs)
    await Promise.all([faults.stop(env.graceMs), seats?.stop(env.graceMs)])
    await stopping
    // Web ignores what comes together with a goodbye: the last frames go after the last status and are waited for.
    uplink.statusNow()
    say('info', 'stopped')
    own.flush()
    await Promise.all([uplink.flush(flushMs), logs?.close(flushMs)])
    uplink.close()
    await Promise.all([metrics.close(), links.close(), opener.close()])
  }
  return {
    stop(reason) {
      stopped ??= stop(reason)
      return stopped
    },
  }
}
