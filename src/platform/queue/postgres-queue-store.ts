import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import {
  PostgresConnection,
  type PostgresConnectionOptions,
  type PostgresPoolConfig,
  PostgresQueueBackend,
  Queue,
  runMigrations,
  Worker,
} from 'bullmq';
import pg from 'pg';
import { endsWithin } from './deadline.js';
import {
  EVENTS_KEPT,
  type JobProcessor,
  type JobQueue,
  type JobWorker,
  QueueStore,
  type StoredJob,
  WORKER_OPTIONS,
} from './queue-store.js';
import { ThrottledWarnings } from './throttled-warnings.js';

const SCHEMA = 'bullmq';
const CONNECT_TIMEOUT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 2_000;
const RETRY_AFTER_MS = 1_000;

/** BullMQ remembers a failed first connect for ever; this one asks again each time, and all share one migration. */
class MigratedConnection extends PostgresConnection {
  constructor(
    config: PostgresPoolConfig,
    private readonly schemaIsReady: () => Promise<void>,
  ) {
    super(config);
  }

  override waitUntilReady(): Promise<void> {
    return this.schemaIsReady();
  }
}

/** Jobs for which one statement each costs less than BullMQ's bulk statement. */
const FEW_JOBS = 5;

class ProducerBackend extends PostgresQueueBackend {
  /**
   * BullMQ's bulk statement creates two temporary tables: about 10 ms and 50 dead catalogue rows a call, against 2 ms for
   * a single job. The outbox relay mostly adds one.
   */
  override async addJobs(entries: Parameters<PostgresQueueBackend['addJobs']>[0]): Promise<string[]> {
    if (entries.length > FEW_JOBS) return super.addJobs(entries);
    const ids: string[] = [];
    for (const { job, jobId, parentKeyOpts } of entries)
      ids.push(await this.addJob(job, jobId, parentKeyOpts));
    return ids;
  }
}

class WorkerBackend extends PostgresQueueBackend {
  /** Seconds. The default of an hour trusts a NOTIFY that may be missed while PostgreSQL restarts. */
  override get maximumBlockTimeout(): number {
    return 5;
  }

  /** BullMQ waits only after a refused connection; "the database system is starting up" would spin. */
  override async moveToActive(...args: Parameters<PostgresQueueBackend['moveToActive']>) {
    try {
      return await super.moveToActive(...args);
    } catch (error) {
      await sleep(RETRY_AFTER_MS);
      throw error;
    }
  }
}

export class PostgresQueueStore extends QueueStore {
  private readonly logger = new Logger('QueueStore');
  private readonly trouble = new ThrottledWarnings(this.logger);
  private readonly queues = new Map<string, JobQueue>();
  private readonly connections: MigratedConnection[] = [];
  private producers: MigratedConnection | undefined;
  private schema: Promise<void> | undefined;
  private closing = false;

  constructor(private readonly url: string) {
    super();
  }

  override async queue(name: string): Promise<JobQueue> {
    const connection = this.producersConnection();
    await connection.waitUntilReady();
    let queue = this.queues.get(name);
    if (!queue) {
      queue = this.openQueue(name, connection);
      this.queues.set(name, queue);
    }
    return queue;
  }

  override startWorker(name: string, concurrency: number, process: JobProcessor): JobWorker {
    // Two connections for queries and one that listens: BullMQ's default of ten for every worker would use up a server.
    const connection = this.connect({ max: 2, query_timeout: 10_000 });
    const worker = new Worker<StoredJob, void, string, WorkerBackend, number, PostgresConnectionOptions>(
      name,
      process,
      { ...WORKER_OPTIONS, connection: this.url, concurrency },
      (queueName, options) => new WorkerBackend(connection, queueName, options),
    );
    worker.on('error', (error) => this.warn(`queue ${name}: ${error.message}`));
    return worker;
  }

  override async ping(): Promise<void> {
    await this.producersConnection().pool.query('select 1');
  }

  override async close(): Promise<void> {
    this.closing = true;
    const closed = Promise.allSettled(this.connections.map((connection) => connection.close()));
    await endsWithin(closed, CLOSE_TIMEOUT_MS);
  }

  private openQueue(name: string, connection: MigratedConnection): JobQueue {
    const queue = new Queue<
      StoredJob,
      void,
      string,
      StoredJob,
      void,
      string,
      ProducerBackend,
      PostgresConnectionOptions
    >(
      name,
      { connection: this.url, streams: EVENTS_KEPT },
      (queueName, options) => new ProducerBackend(connection, queueName, options, false),
    );
    queue.on('error', (error) => this.warn(`queue ${name}: ${error.message}`));
    return queue;
  }

  /** One small pool for all producers: a batch of jobs is one statement. */
  private producersConnection(): MigratedConnection {
    this.producers ??= this.connect({ max: 3, query_timeout: 2_000 });
    return this.producers;
  }

  private connect(limits: Pick<PostgresPoolConfig, 'max' | 'query_timeout'>): MigratedConnection {
    const config = {
      connectionString: this.url,
      schema: SCHEMA,
      application_name: 'tandem-queue',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      ...limits,
    };
    const connection = new MigratedConnection(config, () => this.schemaIsReady());
    connection.on('error', (error: Error) =>
      this.warn(`PostgreSQL dropped a queue connection: ${error.message}`),
    );
    this.connections.push(connection);
    return connection;
  }

  private schemaIsReady(): Promise<void> {
    this.schema ??= this.migrate().catch((error: unknown) => {
      this.schema = undefined;
      throw error;
    });
    return this.schema;
  }

  /** On a connection of its own, without the query timeout: processes that start together take turns here. */
  private async migrate(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    client.on('error', (error) => this.warn(`PostgreSQL dropped a queue connection: ${error.message}`));
    try {
      await client.connect();
      await runMigrations(client, SCHEMA);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private warn(message: string): void {
    if (!this.closing) this.trouble.warn(message);
  }
}
