import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

type PrismaAdapter = Awaited<ReturnType<PrismaPg['connect']>>

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

/** Types by their numbers in PostgreSQL: `"char"`, in which the system catalogues keep flags, and an array of it. */
const flag = 18
const flags = 1002

/**
 * The adapter knows an array of `"char"` and not the type itself, which the engine reads from the catalogues. So the
 * one is named as the other on its way through the adapter, and by its right name afterwards.
 */
function readingCatalogues(adapter: PrismaAdapter): PrismaAdapter {
  const pool = adapter.underlyingDriver()
  const query = pool.query.bind(pool) as (config: pg.QueryArrayConfig) => Promise<pg.QueryArrayResult>
  Object.assign(pool, {
    query: async (config: pg.QueryArrayConfig) => {
      const result = await query(config)
      for (const field of result.fields ?? []) if (field.dataTypeID === flag) field.dataTypeID = flags
      return result
    },
  })
  const queryRaw = adapter.queryRaw.bind(adapter)
  return Object.assign(adapter, {
    queryRaw: async (sql: SqlQuery) => {
      const result = await queryRaw(sql)
      const columnTypes = result.columnTypes.map((type, column) => {
        const isArray = result.rows.some((row) => Array.isArray(row[column]))
        return type === ColumnTypeEnum.CharacterArray && !isArray ? ColumnTypeEnum.Character : type
      })
      return { ...result, columnTypes }
    },
  })
}

async function connect(url: string): Promise<PrismaAdapter> {
  const adapter = new PrismaPg({ connectionString: url, max: 2, connectionTimeoutMillis: 10_000 })
  return readingCatalogues(await adapter.connect())
}

/** A database of its own, dropped when the engine is done with it. The adapter's own drops it while it is connected to it. */
async function connectToShadow(url: string): Promise<PrismaAdapter> {
  const name = `faultline_shadow_${randomUUID().replaceAll('-', '')}`
  const execute = async (sql: string) => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  await execute(`CREATE DATABASE ${name}`)
  const shadow = new URL(url)
  shadow.pathname = `/${name}`
  const adapter = await connect(shadow.href)
  const dispose = adapter.dispose.bind(adapter)
  return Object.assign(adapter, {
    dispose: async () => {
      await dispose()
      await execute(`DROP DATABASE ${name}`)
    },
  })
}

/** `open` collects the connections of the engine, which leaves them, and its advisory lock on them, when it is freed. */
const adapterFactory = (url: string, open: PrismaAdapter[]): SqlMigrationAwareDriverAdapterFactory => ({
  provider: 'postgres',
  adapterName: '@prisma/adapter-pg',
  connect: async () => {
    const adapter = await connect(url)
    open.push(adapter)
    return adapter
  },
  connectToShadowDb: () => connectToShadow(url),
})

/** Runs `work` with an engine on the database at `url`, and frees it. */
export async function withSchemaEngine<T>(
  url: string,
  work: (engine: bindings.SchemaEngine) => Promise<T>,
  datamodel?: [path: string, content: string],
): Promise<T> {
  instantiated ??= instantiate()
  await instantiated
  const open: PrismaAdapter[] = []
  const engine = await bindings.SchemaEngine.new(
    { datamodels: datamodel === undefined ? undefined : [datamodel] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapterFactory(url, open)),
  )
  try {
    return await work(engine)
  } finally {
    engine.free()
    for (const adapter of open) if (!adapter.underlyingDriver().ending) await adapter.dispose()
  }
}
