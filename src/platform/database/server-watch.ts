import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import pg from 'pg';
import type { Connections } from './connections.js';
import type { LentConnection } from './lent-connection.js';

const LOOK_EVERY_MS = 500;
/** A decision takes milliseconds; a report or a lock that is waited for may take longer, and then PostgreSQL says so when asked. */
const SILENT_MS = 3_000;
/** Not less: over a line of 400 ms there and back a new connection alone takes well over a second. */
const ANSWER_WITHIN_MS = 5_000;

/**
 * Notices connections that are open and dead: the other machine lost power, or a firewall forgot them. TCP itself notices after
 * a quarter of an hour. A connection whose statements go unanswered for some seconds is asked about on a fresh one: while
 * PostgreSQL works on the statement all is well; when it has never heard of it, or cannot be asked at all, the connection is
 * cut, so that its callers are answered 503 instead of waiting. While it cannot be asked nobody waits for a connection either.
 * The other end of what was cut is ended too: it would hold the locks of its transaction, and everybody would wait for these.
 */
export class ServerWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ServerWatch.name);
  /** What had been heard on a connection when PostgreSQL said that it is not working for it. */
  private readonly suspects = new WeakMap<LentConnection, number>();
  /** Processes of PostgreSQL at the other ends of connections that were cut. */
  private orphans = new Set<number>();
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly url: string,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(false), LOOK_EVERY_MS);
    this.connections.onTimeout = () => this.look(true);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.connections.onTimeout = () => undefined;
    await this.current;
  }

  private look(isAlarmed: boolean): void {
    const { isReachable } = this.connections;
    const isQuiet =
      isReachable && this.orphans.size === 0 && this.connections.silentFor(SILENT_MS).length === 0;
    if (this.current || (isQuiet && !isAlarmed)) return;
    this.current = this.ask().finally(() => (this.current = undefined));
  }

  private async ask(): Promise<void> {
    const backends = this.connections.silentFor(SILENT_MS).map(({ backend }) => backend);
    const working = await this.workingFor(backends);
    // Asking took a while, and what we waited for may have come.
    const silent = this.connections.silentFor(SILENT_MS);
    if (working === 'unreachable') {
      if (this.connections.isReachable) this.logger.warn('PostgreSQL is out of reach');
      this.connections.declareOutOfReach();
      silent.forEach((connection) => this.cut(connection));
      return;
    }
    if (!this.connections.isReachable) {
      this.logger.warn('PostgreSQL can be reached again');
      this.connections.dropIdle();
      this.connections.declareReachable();
    }
    if (working === 'busy') return;
    for (const connection of silent) {
      if (backends.includes(connection.backend) && !working.has(connection.backend)) this.suspect(connection);
    }
  }

  /** Its answer may be on its way: it has until the next look. */
  private suspect(connection: LentConnection): void {
    if (this.suspects.get(connection) !== connection.heard) {
      this.suspects.set(connection, connection.heard);
      return;
    }
    this.logger.warn('cutting a connection to PostgreSQL that is open and dead');
    this.cut(connection);
    this.connections.dropIdle();
  }

  private cut(connection: LentConnection): void {
    this.orphans.add(connection.backend);
    connection.cut();
  }

  /** Which of these processes are at work; `busy` when PostgreSQL is there and does not say. */
  private async workingFor(
    backends: readonly number[],
  ): Promise<ReadonlySet<number> | 'busy' | 'unreachable'> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'tandem-watch',
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await this.endOrphans(client);
      const { rows } = await client.query<{ pid: number }>(
        `select a.pid from pg_stat_activity a where a.pid = any($1::integer[]) and a.state not like 'idle%'`,
        [backends],
      );
      return new Set(rows.map(({ pid }) => pid));
    } catch (error) {
      // With a code of its own PostgreSQL has answered: it is starting, or has no connection left for us.
      return /^[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? '') ? 'busy' : 'unreachable';
    } finally {
      client.end().catch(() => undefined);
    }
  }

  /**
   * Only those that wait for a next statement, and have for seconds: a number may belong to somebody else by now. One that is
   * still at work is looked at again.
   */
  private async endOrphans(client: pg.Client): Promise<void> {
    if (this.orphans.size === 0) return;
    const { rows } = await client.query<{ pid: number }>(
      `select a.pid from pg_stat_activity a
        where a.pid = any($1::integer[]) and a.usename = current_user and a.state <> 'idle'
          and not (case when a.state <> 'active' and a.state_change < now() - interval '2 seconds'
                        then pg_terminate_backend(a.pid) else false end)`,
      [[...this.orphans]],
    );
    this.orphans = new Set(rows.map(({ pid }) => pid));
  }
}
