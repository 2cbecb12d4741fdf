import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'

interface Initialised {
  __wbindgen_start(): void
}

let instantiated: Promise<void> | undefined

/**
 * Prisma's schema engine as WebAssembly: the same work as `prisma migrate`, without the native binary that the command
 * downloads. The package's own entry imports the `.wasm` file as a module, which Node does only behind a flag, so it is
 * instantiated here.
 */
async function instantiate(): Promise<void> {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const bytes = await readFile(join(folder, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...bindings } })
  const exports = instance.exports as unknown as Initialised
  const setWasm = (bindings as unknown as { __wbg_set_wasm(exports: Initialised): void }).__wbg_set_wasm
  setWasm(exports)
  exports.__wbindgen_start()
}

/** Runs `work` with an engine on the database at `url`, and frees it. */
export async function withSchemaEngine<T>(
  url: string,
  work: (engine: bindings.SchemaEngine) => Promise<T>,
  datamodel?: [path: string, content: string],
): Promise<T> {
  instantiated ??= instantiate()
  await instantiated
  const adapter = new PrismaPg({ connectionString: url, max: 2, connectionTimeoutMillis: 10_000 })
  const engine = await bindings.SchemaEngine.new(
    { datamodels: datamodel === undefined ? undefined : [datamodel] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  )
  try {
    return await work(engine)
  } finally {
    engine.free()
  }
}
