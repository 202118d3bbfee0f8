import type { Logger } from '@nestjs/common';
import { UnrecoverableError } from 'bullmq';
import { z } from 'zod';
import { TandemError } from '../../kernel/errors.js';
import type { BoundHandler } from './job-handlers.js';
import { jobKey } from './job-contract.js';
import type { JobProcessor, RunningJob } from './queue-store.js';

/**
 * The one wrapper around every handler of a queue: checks the payload, decides whether a failure is worth repeating, and
 * logs it. BullMQ parks a job at once when an UnrecoverableError leaves here, and else after its last attempt.
 */
export function createJobProcessor(
  queue: string,
  handlers: ReadonlyMap<string, BoundHandler>,
  logger: Pick<Logger, 'warn' | 'error'>,
): JobProcessor {
  return async (job, _token, signal) => {
    try {
      const { handler, payload } = readJob(queue, handlers, job);
      await handler.handle(payload, { signal: signal ?? new AbortController().signal });
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      const attempt = job.attemptsMade + 1;
      const attempts = job.opts.attempts ?? 1;
      const what = `job ${job.name} ${job.id} failed (attempt ${attempt} of ${attempts}): ${failure.message}`;
      if (isFinal(failure) || attempt >= attempts)
        logger.error(`${what}; it is parked as failed`, failure.stack);
      else logger.warn(`${what}; it will run again`);
      throw isFinal(failure) ? new UnrecoverableError(failure.message) : failure;
    }
  };
}

function readJob(queue: string, handlers: ReadonlyMap<string, BoundHandler>, job: RunningJob) {
  const bound = handlers.get(jobKey({ queue, name: job.name }));
  // While a release rolls out, old workers meet jobs of new producers; another attempt may reach a new worker.
  if (!bound) throw leaveToANewerWorker(`no handler here knows the job ${job.name}`);
  if (job.data.version > bound.contract.version) {
    throw leaveToANewerWorker(`version ${job.data.version} of the job is newer than this worker`);
  }
  const parsed = bound.contract.schema.safeParse(job.data.payload);
  if (!parsed.success)
    throw new UnrecoverableError(`the payload does not fit: ${z.prettifyError(parsed.error)}`);
  return { handler: bound.handler, payload: parsed.data };
}

function leaveToANewerWorker(message: string): TandemError {
  return new TandemError('operational', 'queue.job-unknown', message);
}

/** A job that asks for something impossible asks for it again next time; everything else may pass. */
function isFinal(error: Error): boolean {
  return error instanceof UnrecoverableError || (error instanceof TandemError && error.kind === 'user');
}
