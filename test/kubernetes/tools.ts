import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = resolve('node_modules/.cache')
const tools = join(cache, 'faultline-kubernetes')
const kustomize = join(tools, 'kustomize')
const python = join(tools, 'python')
const kustomizeModule = 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1'
/** Brings the schemas of the API with it. */
const validator = 'kubernetes-validate==1.37.0'
/** Whose API the manifests are for. */
const apiVersion = '1.34'

/**
 * Builds kustomize by Go and puts the validator into a folder of its own; why that cannot be done, undefined if it is. A folder that is
 * there is whole: it gets its name last, so that a run that is killed, or a second one beside it, leaves no half of it.
 */
export async function provideKubernetesTools(): Promise<string | undefined> {
  if (existsSync(tools)) return undefined
  mkdirSync(cache, { recursive: true })
  const made = mkdtempSync(`${tools}-`)
  try {
    await often('go', ['install', kustomizeModule], { ...process.env, GOFLAGS: '', GOBIN: made })
    await often('python3', [...['-m', 'pip', 'install', '--quiet', '--target', join(made, 'python')], validator])
    if (!existsSync(tools)) renameSync(made, tools)
    return undefined
  } catch (error) {
    return existsSync(tools) ? undefined : error instanceof Error ? error.message : String(error)
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

/** A registry that does not answer once is asked again. */
async function often(command: string, args: readonly string[], env = process.env, tries = 3): Promise<void> {
  try {
    await run(command, args, { env })
  } catch (error) {
    if (tries === 1) throw error
    await often(command, args, env, tries - 1)
  }
}

/** What `kubectl apply --kustomize FOLDER` would send, as YAML documents. */
export async function built(folder: string): Promise<string> {
  return (await run(kustomize, ['build', folder])).stdout
}

/** What breaks the schemas, in the validator's words; empty if nothing does. A field that a schema does not know breaks it. */
export async function breaches(file: string): Promise<string> {
  const { stdout, stderr } = await run(
    'python3',
    ['-m', 'kubernetes_validate', '--strict', '--quiet', '--kubernetes-version', apiVersion, file],
    { env: { ...process.env, PYTHONPATH: python } },
  ).catch((error: { stdout: string; stderr: string }) => ({ stdout: '', stderr: `${error.stdout}${error.stderr}` }))
  return `${stdout}${stderr}`
}
