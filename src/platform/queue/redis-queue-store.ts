import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { Queue, Worker } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
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

const EVERY_CONNECTION = {
  connectTimeout: 3_000,
  // BullMQ's own strategy waits up to 20 s: after an outage of 40 s a producer came back 18 s late.
  retryStrategy: (times: number) => Math.min(100 * times, 1_000),
  // After a failover the old primary answers READONLY for ever on a connection that stays open.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY') && 2,
};
const CONNECTIONS = {
  /** A producer serves a request, so it says at once that Redis is away instead of queueing behind the outage. */
  producers: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 2_000 },
  /** A worker has nothing better to do than wait; BullMQ demands null. A command timeout would cut its blocking reads. */
  workers: { maxRetriesPerRequest: null },
};
type Kind = keyof typeof CONNECTIONS;

type Endable = Pick<Redis, 'status' | 'connect' | 'disconnect'>;

/** Keeps sight of the copies BullMQ makes for blocking reads, which it cannot close while Redis is away. */
class QueueConnection extends Redis {
  private readonly copies: Endable[] = [];

  override duplicate<Options extends Partial<RedisOptions> | undefined = undefined>(options?: Options) {
    const copy = super.duplicate(options);
    // Without a listener ioredis writes to the console once BullMQ has taken its own listener off.
    copy.on('error', () => undefined);
    this.copies.push(copy);
    return copy;
  }

  endAll(): void {
    for (const connection of [this, ...this.copies]) endConnection(connection);
  }
}

/**
 * Between two attempts to reconnect, ioredis only stops its timer: 'end' never comes and commands stay pending, and a
 * closing BullMQ worker waits for both. Cutting short one more attempt brings them about.
 */
function endConnection(connection: Endable): void {
  const isBetweenAttempts = connection.status === 'reconnecting';
  connection.disconnect();
  if (!isBetweenAttempts) return;
  connection.connect().catch(() => undefined);
  connection.disconnect();
}

export class RedisQueueStore extends QueueStore {
  private readonly logger = new Logger('QueueStore');
  private readonly trouble = new ThrottledWarnings(this.logger);
  private readonly queues = new Map<string, Promise<JobQueue>>();
  private readonly connections = new Map<Kind, QueueConnection>();
  private closing = false;

  constructor(private readonly url: string) {
    super();
  }

  override queue(name: string): Promise<JobQueue> {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = this.openQueue(name);
      this.queues.set(name, queue);
      // BullMQ remembers a failed start for ever (its first command may time out), so such a queue is made anew.
      queue.catch(() => this.queues.delete(name));
    }
    return queue;
  }

  override startWorker(name: string, concurrency: number, process: JobProcessor): JobWorker {
    const connection = this.connection('workers');
    const options = { ...WORKER_OPTIONS, connection, concurrency, prefix: prefixOf(name) };
    const worker = new Worker<StoredJob, void, string>(name, process, options);
    worker.on('error', (error) => this.warn(`queue ${name}: ${error.message}`));
    return worker;
  }

  override async ping(): Promise<void> {
    const connection = this.connection('producers');
    if (connection.status !== 'ready')
      await once(connection, 'ready', { signal: AbortSignal.timeout(1_000) });
    await connection.ping();
  }

  override async close(): Promise<void> {
    this.closing = true;
    // No QUIT: it would wait for a Redis that is away, and there is nothing left to say to one that is not.
    for (const connection of this.connections.values()) connection.endAll();
    await Promise.resolve();
  }

  private async openQueue(name: string): Promise<JobQueue> {
    const connection = this.connection('producers');
    const queue = new Queue<StoredJob, void, string>(name, {
      connection,
      prefix: prefixOf(name),
      streams: EVENTS_KEPT,
    });
    queue.on('error', (error) => this.warn(`queue ${name}: ${error.message}`));
    await queue.waitUntilReady();
    return queue;
  }

  private connection(kind: Kind): QueueConnection {
    let connection = this.connections.get(kind);
    if (!connection) {
      connection = new QueueConnection(this.url, { ...EVERY_CONNECTION, ...CONNECTIONS[kind] });
      connection.on('error', (error: Error) => this.warn(`Redis does not answer: ${error.message}`));
      this.connections.set(kind, connection);
      this.watchEviction(connection);
    }
    return connection;
  }

  private watchEviction(connection: Redis): void {
    // INFO, because managed Redis services refuse CONFIG. On every connect, because it may be another server now.
    connection.on('ready', () => {
      connection.info('memory').then(
        (info) => this.complainAboutEviction(info),
        (error: Error) => this.warn(`cannot read Redis' eviction policy: ${error.message}`),
      );
    });
  }

  private complainAboutEviction(info: string): void {
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
    if (policy === undefined || policy === 'noeviction') return;
    this.logger.error(
      `Redis evicts keys when its memory is full (maxmemory-policy ${policy}), so jobs can vanish or break. ` +
        'Set maxmemory-policy to noeviction.',
    );
  }

  private warn(message: string): void {
    if (!this.closing) this.trouble.warn(message);
  }
}

// The braces put all keys of one queue on one node of a cluster; scripts that touch several keys need that.
function prefixOf(queue: string): string {
  return `tandem{${queue}}`;
}
