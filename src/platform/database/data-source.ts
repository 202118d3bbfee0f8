import pg from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from './migrations.js';

// A date has no zone: kept as the string PostgreSQL sends, never turned into an instant of this machine's zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value);

/** Timestamps travel as instants; a session in another zone must not shift a cast to date. */
const IN_UTC = '-c timezone=UTC';

/**
 * A process that vanishes while it holds the locks of a code (power, network) must not stop the tills of all others until TCP
 * notices hours later; what waits longer than this is answered 503 and posted again.
 */
const TIME_LIMITS =
  '-c idle_in_transaction_session_timeout=30s -c lock_timeout=10s -c statement_timeout=60s -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

/** How sessions are set up, whichever pool opens them. */
export const SESSION_OPTIONS = `${IN_UTC} ${TIME_LIMITS}`;

/** A connection that is not there after this long is answered as not available. */
export const CONNECT_TIMEOUT_MS = 3_000;

export interface DataSourceOptions {
  /** Connections this process may hold; a waiting request is answered 503 after `connectTimeoutMs`. */
  readonly poolSize?: number;
  readonly connectTimeoutMs?: number;
  readonly applicationName?: string;
  /** No time limits on statements and locks: for migrations. */
  readonly isUnhurried?: boolean;
  /** Connections stay open while nobody uses them: for what lives as long as its connection, such as temporary tables. */
  readonly keepsConnections?: boolean;
}

/** One connection pool to PostgreSQL. The caller initialises and destroys it. */
export function createDataSource(url: string, options: DataSourceOptions = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize: options.poolSize ?? 10,
    connectTimeoutMS: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    applicationName: options.applicationName ?? 'tandem',
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    extra: {
      options: options.isUnhurried ? IN_UTC : SESSION_OPTIONS,
      keepAlive: true,
      ...(options.keepsConnections && { idleTimeoutMillis: 0 }),
    },
  });
}

/** Brings the schema up to date. Safe when several processes start at once: an advisory lock lets one of them work. */
export async function runMigrations(url: string): Promise<void> {
  const source = createDataSource(url, { poolSize: 2, isUnhurried: true });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.runMigrations();
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
    await source.destroy();
  }
}

/** Any constant will do, as long as nobody else uses it. */
const MIGRATION_LOCK = 7_263_336;
