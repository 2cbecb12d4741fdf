import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const tools = resolve('node_modules/.cache/faultline-kubernetes')
const kustomize = join(tools, 'kustomize')
const python = join(tools, 'venv', 'bin', 'python')
const kustomizeModule = 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1'
/** Brings the schemas of the API with it. */
const validator = 'kubernetes-validate==1.37.0'
/** Whose API the manifests are for. */
const apiVersion = '1.34'

/** Builds kustomize by Go and puts the validator into an environment of its own; why that cannot be done, undefined where it is. */
export async function provideKubernetesTools(): Promise<string | undefined> {
  try {
    if (!existsSync(kustomize))
      await run('go', ['install', kustomizeModule], { env: { ...process.env, GOFLAGS: '', GOBIN: tools } })
    if (!existsSync(python)) await run('python3', ['-m', 'venv', join(tools, 'venv')])
    await run(python, ['-m', 'pip', 'install', '--quiet', validator])
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** What `kubectl apply --kustomize FOLDER` would send, as YAML documents. */
export async function built(folder: string): Promise<string> {
  return (await run(kustomize, ['build', folder])).stdout
}

/** What breaks the schemas, in the validator's words; empty where nothing does. A field that a schema does not know breaks it. */
export async function breaches(file: string): Promise<string> {
  const { stdout, stderr } = await run(python, [
    ...['-m', 'kubernetes_validate', '--strict', '--quiet', '--kubernetes-version', apiVersion, file],
  ]).catch((error: { stdout: string; stderr: string }) => ({ stdout: '', stderr: `${error.stdout}${error.stderr}` }))
  return `${stdout}${stderr}`
}
