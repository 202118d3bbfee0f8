import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplicationContext, type LoggerService, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import pg from 'pg';
import { z } from 'zod';
import { TandemError } from '../../src/kernel/errors.js';
import { HandlesJob, type JobContext } from '../../src/platform/queue/handles-job.decorator.js';
import { defineJob, type JobContract } from '../../src/platform/queue/job-contract.js';
import { JobProducer } from '../../src/platform/queue/job.producer.js';
import { QueueHealth } from '../../src/platform/queue/queue-health.js';
import { QueueStats } from '../../src/platform/queue/queue-stats.js';
import type { QueueStoreSettings } from '../../src/platform/queue/queue-store.js';
import { QueueModule } from '../../src/platform/queue/queue.module.js';
import { eventually } from '../support/eventually.js';
import { hasRedisServer, RedisServer } from '../support/redis-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { testDatabase } from '../support/test-database.js';

/** What a store must offer to be tested: an address, and ways to lose everything or to go away. */
interface StoreUnderTest {
  readonly settings: QueueStoreSettings;
  loseAllJobs(): Promise<void>;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

async function redisStore(): Promise<StoreUnderTest> {
  const server = await RedisServer.start();
  return {
    settings: { kind: 'redis', url: server.url },
    loseAllJobs: () => onRedis(server.url, (client) => client.flushall()),
    goAway: () => server.kill(),
    comeBack: () => server.restart(),
    stop: () => server.stop(),
  };
}

async function postgresStore(): Promise<StoreUnderTest> {
  const database = await testDatabase();
  // The server is shared with other tests, so it is the line to it that breaks.
  const line = await TcpProxy.start(database.url);
  return {
    settings: { kind: 'postgres', url: line.url },
    loseAllJobs: () => onPostgres(database.url, 'delete from bullmq.job'),
    goAway: () => line.cut(),
    comeBack: () => line.mend(),
    stop: async () => {
      await line.cut();
      await database.drop();
    },
  };
}

async function onRedis(url: string, act: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(url);
  await act(client);
  client.disconnect();
}

async function onPostgres(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

const Payload = z.object({ ids: z.array(z.string()) });
type Payload = z.output<typeof Payload>;

let queues = 0;
/** A job on a queue of its own, so that tests do not see each other's jobs. */
function aJob(overrides: Partial<JobContract<Payload>> = {}): JobContract<Payload> {
  queues += 1;
  const defaults = { version: 1, schema: Payload, attempts: 3, backoffMs: 100, concurrency: 1 };
  return defineJob<Payload>({ queue: `test-${queues}`, name: 'do-something', ...defaults, ...overrides });
}

type Handle = (payload: Payload, context: JobContext) => Promise<void>;

function aHandler(contract: JobContract<Payload>, handle: Handle): Type {
  @HandlesJob(contract)
  class TestHandler {
    handle(payload: Payload, context: JobContext): Promise<void> {
      return handle(payload, context);
    }
  }
  return TestHandler;
}

class RecordingLogger implements LoggerService {
  readonly warnings: string[] = [];
  readonly errors: string[] = [];
  log(): void {}
  warn(message: unknown): void {
    this.warnings.push(String(message));
  }
  error(message: unknown): void {
    this.errors.push(String(message));
  }
}

function soon(condition: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  return eventually(condition, withinMs);
}

async function elapsedMs(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work.catch(() => undefined);
  return performance.now() - start;
}

const stores = [
  { kind: 'redis', open: redisStore, runs: hasRedisServer() },
  { kind: 'postgres', open: postgresStore, runs: true },
];

describe.each(stores)('a job queue on $kind', ({ open, runs }) => {
  const test = runs ? it : it.skip;
  const apps: INestApplicationContext[] = [];
  let store: StoreUnderTest;

  beforeAll(async () => {
    if (runs) store = await open();
  }, 60_000);
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });
  afterAll(async () => {
    await store?.stop();
  });

  /** An application with these handlers; without handlers it only adds jobs. */
  async function start(contracts: JobContract<Payload>[], ...handlers: Type[]) {
    @Module({
      imports: [
        QueueModule.register({ store: store.settings, startWorkers: handlers.length > 0, contracts }),
      ],
      providers: handlers,
    })
    class TestModule {}
    const logger = new RecordingLogger();
    const app = await NestFactory.createApplicationContext(TestModule, { logger, abortOnError: false });
    apps.push(app);
    const stats = app.get(QueueStats);
    return { app, logger, stats, producer: app.get(JobProducer), health: app.get(QueueHealth) };
  }

  /** An application whose only handler remembers what it was given. */
  async function startRecording(contract: JobContract<Payload>) {
    const handled: Payload[] = [];
    const handler = aHandler(contract, async (payload) => void handled.push(payload));
    return { handled, ...(await start([contract], handler)) };
  }

  test('a job added is handled once, with its payload', async () => {
    const job = aJob();
    const { producer, handled, stats } = await startRecording(job);

    await producer.add(job, [{ id: 'a', payload: { ids: ['x', 'y'] } }]);
    await soon(() => handled.length > 0);
    await soon(async () => (await stats.states())[0]?.running === 0);

    expect(handled).toEqual([{ ids: ['x', 'y'] }]);
    expect(await stats.states()).toEqual([
      { queue: job.queue, waiting: 0, running: 0, delayed: 0, failed: 0, oldestWaitingSeconds: 0 },
    ]);
  });

  test('a job added again while it waits is handled once', async () => {
    const job = aJob();
    const { producer } = await start([job]);
    await producer.add(job, [{ id: 'same', payload: { ids: ['first'] } }]);
    await producer.add(job, [
      { id: 'same', payload: { ids: ['again'] } },
      { id: 'other', payload: { ids: ['other'] } },
      { id: 'other', payload: { ids: ['twice in one call'] } },
    ]);

    const { handled } = await startRecording(job);
    await soon(() => handled.length >= 2);
    await sleep(200);

    expect(handled).toEqual([{ ids: ['first'] }, { ids: ['other'] }]);
  });

  test('a ring adds a job only while none waits, and the one that waits begins after it', async () => {
    const job = aJob();
    const { producer, stats } = await start([job]);
    const ring = (id: string) => producer.addUnlessOneWaits(job, { id, payload: { ids: [id] } });
    await ring('first');
    await ring('second');
    expect(await stats.states()).toMatchObject([{ waiting: 1 }]);

    let begun = 0;
    let mayEnd = false;
    const handler = aHandler(job, async () => {
      begun += 1;
      await soon(() => mayEnd);
    });
    await start([job], handler);
    await soon(() => begun === 1);
    // The one that is running may have looked already: this ring has to bring another.
    await ring('third');
    await ring('fourth');
    expect(await stats.states()).toMatchObject([{ waiting: 1, running: 1 }]);
    mayEnd = true;
    await soon(() => begun === 2);
    await soon(async () => (await stats.states())[0]?.running === 0);
    expect(begun).toBe(2);
  });

  test('a failed job that is not to be kept makes room for another of the same id', async () => {
    const job = aJob({ attempts: 1, forgetsFailed: true });
    let runs = 0;
    const handler = aHandler(job, async () => {
      runs += 1;
      throw new TandemError('operational', 'test.away', 'the neighbour does not answer');
    });
    const { producer, stats } = await start([job], handler);
    const idle = async () => {
      const [state] = await stats.states();
      return state?.waiting === 0 && state.running === 0;
    };

    await producer.add(job, [{ id: 'same', payload: { ids: [] } }]);
    await soon(async () => runs === 1 && (await idle()));
    await producer.add(job, [{ id: 'same', payload: { ids: [] } }]);
    await soon(async () => runs === 2 && (await idle()));

    expect(await stats.states()).toMatchObject([{ failed: 0 }]);
  });

  test('a bulk of 1,200 jobs is handled completely', async () => {
    const job = aJob({ concurrency: 20 });
    const { producer, handled } = await startRecording(job);
    const ids = Array.from({ length: 1_200 }, (_, index) => `job-${index}`);

    await producer.add(
      job,
      ids.map((id) => ({ id, payload: { ids: [id] } })),
    );
    await soon(() => handled.length >= 1_200, 30_000);

    expect(handled.flatMap((payload) => payload.ids).sort()).toEqual(ids.sort());
  }, 40_000);

  test('a job that fails is tried again with a growing wait, then parked, and only the end is an error', async () => {
    const job = aJob({ attempts: 3, backoffMs: 400 });
    const startedAt: number[] = [];
    const handler = aHandler(job, async () => {
      startedAt.push(performance.now());
      throw new TandemError('operational', 'test.away', 'the neighbour does not answer');
    });
    const { producer, stats, logger } = await start([job], handler);

    await producer.add(job, [{ id: 'failing', payload: { ids: [] } }]);
    await soon(async () => (await stats.states())[0]?.failed === 1, 15_000);

    const waits = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
    expect(startedAt).toHaveLength(3);
    // 400 ms and 800 ms, of which a random part of up to half is taken off.
    expect(waits[0]).toBeGreaterThanOrEqual(199);
    expect(waits[1]).toBeGreaterThanOrEqual(399);
    expect(logger.warnings).toHaveLength(2);
    expect(logger.errors).toHaveLength(1);
  }, 20_000);

  test('a job whose failure the caller has to mend is parked at once', async () => {
    const job = aJob({ attempts: 5 });
    let runs = 0;
    const handler = aHandler(job, async () => {
      runs += 1;
      throw new TandemError('user', 'test.impossible', 'this cannot be done');
    });
    const { producer, stats } = await start([job], handler);

    await producer.add(job, [{ id: 'impossible', payload: { ids: [] } }]);
    await soon(async () => (await stats.states())[0]?.failed === 1);

    expect(runs).toBe(1);
  });

  test('a payload that does not fit is parked at once, and the next job runs', async () => {
    const job = aJob({ attempts: 5 });
    const { queue, name, version, attempts, backoffMs, concurrency } = job;
    const schema = z.object({ ids: z.number() });
    const oldJob = defineJob({ queue, name, version, attempts, backoffMs, concurrency, schema });
    const { producer, handled, stats, logger } = await startRecording(job);

    await producer.add(oldJob, [{ id: 'misfit', payload: { ids: 7 } }]);
    await producer.add(job, [{ id: 'fitting', payload: { ids: ['x'] } }]);
    await soon(async () => handled.length === 1 && (await stats.states())[0]?.failed === 1);

    expect(logger.errors).toEqual([expect.stringContaining('does not fit')]);
  });

  test('a job of a newer version waits for a newer worker', async () => {
    const job = aJob();
    const { producer, handled, stats } = await startRecording(job);

    await producer.add({ ...job, version: 2, backoffMs: 60_000 }, [{ id: 'newer', payload: { ids: [] } }]);
    await soon(async () => (await stats.states())[0]?.delayed === 1);

    expect(handled).toEqual([]);
  });

  test('a worker that is closed in the middle of a job finishes it and takes no other', async () => {
    const job = aJob();
    const finished: string[] = [];
    let begun = 0;
    const handler = aHandler(job, async ({ ids }) => {
      begun += 1;
      await sleep(700);
      finished.push(...ids);
    });
    const worker = await start([job], handler);
    await worker.producer.add(job, [
      { id: 'first', payload: { ids: ['first'] } },
      { id: 'second', payload: { ids: ['second'] } },
    ]);
    await soon(() => begun === 1);

    await worker.app.close();

    expect(finished).toEqual(['first']);
    const { stats } = await start([job]);
    expect(await stats.states()).toMatchObject([{ waiting: 1, running: 0, failed: 0 }]);
  });

  test('a worker goes on with new jobs after all jobs were deleted from the store', async () => {
    const job = aJob();
    const finished: string[] = [];
    let begun = 0;
    const handler = aHandler(job, async ({ ids }) => {
      begun += 1;
      await sleep(300);
      finished.push(...ids);
    });
    const { producer } = await start([job], handler);
    const before = ['a', 'b', 'c'].map((id) => ({ id, payload: { ids: [id] } }));
    await producer.add(job, before);
    await soon(() => begun === 1);

    await store.loseAllJobs();
    await soon(() => finished.length === 1);
    await producer.add(job, [{ id: 'new', payload: { ids: ['new'] } }]);
    await soon(() => finished.includes('new'), 15_000);

    expect(finished).toEqual(['a', 'new']);
  }, 20_000);

  test('the age of the longest waiting job shows that nothing makes progress', async () => {
    const job = aJob();
    const { producer, stats } = await start([job]);
    await producer.add(job, [{ id: 'old', payload: { ids: [] } }]);
    await sleep(1_100);
    await producer.add(job, [{ id: 'young', payload: { ids: [] } }]);

    expect(await stats.states()).toMatchObject([{ waiting: 2, running: 0 }]);
    const age = await stats.oldestWaitingSeconds();
    expect(age).toBeGreaterThanOrEqual(1);
    expect(age).toBeLessThan(5);
  });

  test('adding fails fast while the store is away, and everything works again when it returns', async () => {
    const job = aJob();
    const { producer, handled, health } = await startRecording(job);
    await producer.add(job, [{ id: 'before', payload: { ids: ['before'] } }]);
    await soon(() => handled.length === 1);
    expect(await health.isUp()).toBe(true);

    await store.goAway();
    const attempt = producer.add(job, [{ id: 'during', payload: { ids: ['during'] } }]);
    expect(await elapsedMs(attempt)).toBeLessThan(3_000);
    await expect(attempt).rejects.toMatchObject({ kind: 'operational', code: 'queue.unavailable' });
    expect(await elapsedMs(health.isUp())).toBeLessThan(1_000);
    expect(await health.isUp()).toBe(false);
    await sleep(1_500);
    await store.comeBack();

    const add = () => producer.add(job, [{ id: 'after', payload: { ids: ['after'] } }]);
    await soon(
      () =>
        add().then(
          () => true,
          () => false,
        ),
      5_000,
    );
    await soon(() => handled.length === 2, 10_000);
    expect(handled).toEqual([{ ids: ['before'] }, { ids: ['after'] }]);
  }, 30_000);

  test('an application that starts while the store is away works as soon as it returns', async () => {
    const job = aJob();
    await store.goAway();
    const { producer, handled, health } = await startRecording(job);
    const attempt = producer.add(job, [{ id: 'early', payload: { ids: ['early'] } }]);
    expect(await elapsedMs(attempt)).toBeLessThan(3_000);
    await expect(attempt).rejects.toMatchObject({ code: 'queue.unavailable' });
    expect(await health.isUp()).toBe(false);
    await store.comeBack();

    const add = () => producer.add(job, [{ id: 'late', payload: { ids: ['late'] } }]);
    await soon(
      () =>
        add().then(
          () => true,
          () => false,
        ),
      5_000,
    );
    await soon(() => handled.length === 1, 10_000);
    expect(handled).toEqual([{ ids: ['late'] }]);
  }, 30_000);

  test('an application closes in time although the store is away', async () => {
    const job = aJob();
    const { app, producer, handled } = await startRecording(job);
    await producer.add(job, [{ id: 'a', payload: { ids: [] } }]);
    await soon(() => handled.length === 1);

    await store.goAway();
    await sleep(500);
    const took = await elapsedMs(app.close());
    await store.comeBack();

    expect(took).toBeLessThan(25_000);
  }, 40_000);

  test('two handlers for one job refuse to start', async () => {
    const job = aJob();
    const twice = [aHandler(job, async () => {}), aHandler({ ...job }, async () => {})];
    await expect(start([job], ...twice)).rejects.toThrow(
      `two handlers serve the job ${job.queue}/do-something`,
    );
  });

  test('a job without a handler refuses to start where workers run', async () => {
    const [job, orphan] = [aJob(), aJob()];
    const handler = aHandler(job, async () => {});
    await expect(start([job, orphan], handler)).rejects.toThrow(
      `no handler serves the job ${orphan.queue}/do-something`,
    );
  });

  test.each(['123', 'a:b', ''])('"%s" is refused as a job id', async (id) => {
    const job = aJob();
    const { producer } = await start([job]);
    await expect(producer.add(job, [{ id, payload: { ids: [] } }])).rejects.toMatchObject({
      code: 'queue.job-id',
    });
  });
});

(hasRedisServer() ? it : it.skip)('a Redis that may evict jobs is reported as an error', async () => {
  const server = await RedisServer.start();
  await onRedis(server.url, (client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
  const logger = new RecordingLogger();
  const options = { store: { kind: 'redis', url: server.url }, startWorkers: false, contracts: [] } as const;
  const app = await NestFactory.createApplicationContext(QueueModule.register(options), { logger });

  expect(await app.get(QueueHealth).isUp()).toBe(true);
  await soon(() => logger.errors.some((message) => message.includes('noeviction')));

  await app.close();
  await server.stop();
});
