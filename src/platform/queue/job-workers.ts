import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { endsWithin } from './deadline.js';
import type { JobContract } from './job-contract.js';
import { type BoundHandler, findHandlers, requireHandlers } from './job-handlers.js';
import { QUEUE_OPTIONS, type QueueModuleOptions } from './queue-options.js';
import { type JobProcessor, type JobWorker, QueueStore } from './queue-store.js';
import { createJobProcessor } from './run-job.js';

// Container platforms kill a process 30 s after asking it to stop; this leaves time for everything after the workers.
const FINISH_WITHIN_MS = 20_000;
const CLOSE_WITHIN_MS = 2_000;

/** Runs the handlers of this process: one BullMQ worker for each queue that has a handler. */
@Injectable()
export class JobWorkers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(JobWorkers.name);
  private readonly workers: JobWorker[] = [];
  private readonly running = new Set<Promise<void>>();
  private draining: Promise<void> | undefined;

  constructor(
    private readonly store: QueueStore,
    private readonly discovery: DiscoveryService,
    @Inject(QUEUE_OPTIONS) private readonly options: QueueModuleOptions,
  ) {}

  onApplicationBootstrap(): void {
    const handlers = findHandlers(this.discovery);
    if (!this.options.startWorkers) return;
    this.verifyEveryJobHasAHandler(this.options.contracts);
    this.start(handlers);
  }

  async onModuleDestroy(): Promise<void> {
    await this.drain();
  }

  verifyEveryJobHasAHandler(contracts: readonly JobContract<unknown>[]): void {
    requireHandlers(contracts, findHandlers(this.discovery));
  }

  /** Takes no more jobs and lets the running ones finish, for at most 22 s; what is left runs again elsewhere. */
  async drain(): Promise<void> {
    this.draining ??= this.stop();
    await this.draining;
  }

  private start(handlers: ReadonlyMap<string, BoundHandler>): void {
    for (const [queue, contracts] of groupByQueue(handlers)) {
      const concurrency = Math.max(...contracts.map((contract) => contract.concurrency));
      const processor = this.tracked(createJobProcessor(queue, handlers, this.logger));
      this.workers.push(this.store.startWorker(queue, concurrency, processor));
    }
  }

  private async stop(): Promise<void> {
    const closed = Promise.all(this.workers.map((worker) => worker.close()));
    const giveUpAt = performance.now() + FINISH_WITHIN_MS;
    // Not simply `closed`: while the store is away a worker cannot close, but nothing has to be waited for.
    while (this.running.size > 0 && performance.now() < giveUpAt) {
      await endsWithin(Promise.allSettled(this.running), giveUpAt - performance.now());
    }
    for (const worker of this.workers) worker.cancelAllJobs('the process stops');
    await endsWithin(closed, CLOSE_WITHIN_MS);
    if (this.running.size === 0) return;
    this.logger.warn(
      `${this.running.size} jobs did not stop in time; they run again when their locks have ended`,
    );
  }

  /** Keeps sight of what runs. BullMQ hands out a signal only to a function that declares three parameters. */
  private tracked(process: JobProcessor): JobProcessor {
    return (job, token, signal) => {
      const run = process(job, token, signal).finally(() => this.running.delete(run));
      this.running.add(run);
      return run;
    };
  }
}

function groupByQueue(handlers: ReadonlyMap<string, BoundHandler>): Map<string, JobContract<unknown>[]> {
  const queues = new Map<string, JobContract<unknown>[]>();
  for (const { contract } of handlers.values()) {
    queues.set(contract.queue, [...(queues.get(contract.queue) ?? []), contract]);
  }
  return queues;
}
