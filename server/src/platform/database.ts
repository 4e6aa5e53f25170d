import type { Config } from '../config.ts'
import { chooseDataFolder, createDataFolder, findHolder, holdDataFolder, readSecret } from './data-folder.ts'
import type { Connection } from './db.ts'
import { findEmbeddedConnection, startEmbeddedPostgres } from './embedded-postgres.ts'

export type Database = { connection: Connection; secret: string; dataDir: string; close: () => Promise<void> }

const say = (sentence: string) => console.log(sentence)

/** The operator's PostgreSQL where DATABASE_URL names one, else our own on the data folder, which this process then holds. */
export async function openDatabase(config: Config): Promise<Database> {
  if (config.databaseUrl) {
    createDataFolder(config.dataDir)
    return {
      connection: { connectionString: config.databaseUrl },
      secret: config.secret ?? readSecret(config.dataDir),
      dataDir: config.dataDir,
      close: async () => {},
    }
  }
  const { dir, notice } = chooseDataFolder(config.dataDir)
  if (notice) say(notice)
  const hold = await holdDataFolder(dir)
  try {
    const server = await startEmbeddedPostgres({ dir, say })
    return {
      connection: server.connection,
      secret: config.secret ?? readSecret(dir),
      dataDir: dir,
      async close() {
        await server.stop()
        hold.release()
      },
    }
  } catch (error) {
    hold.release()
    throw error
  }
}

/** For commands: the database of the running server where there is one, else one of their own while they run. */
export async function borrowDatabase(config: Config): Promise<Database> {
  const { dir } = config.databaseUrl ? { dir: config.dataDir } : chooseDataFolder(config.dataDir)
  const connection = !config.databaseUrl && findHolder(dir) ? findEmbeddedConnection(dir) : undefined
  if (connection)
    return { connection, secret: config.secret ?? readSecret(dir), dataDir: dir, close: async () => {} }
  return openDatabase(config)
}
