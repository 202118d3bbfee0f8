import { describe, expect, it } from '@jest/globals';
import { UnrecoverableError } from 'bullmq';
import { z } from 'zod';
import { TandemError } from '../../kernel/errors.js';
import { defineJob, jobKey } from './job-contract.js';
import type { RunningJob } from './queue-store.js';
import { createJobProcessor } from './run-job.js';

const contract = defineJob({
  queue: 'tests',
  name: 'do-something',
  version: 2,
  schema: z.object({ id: z.string() }),
  attempts: 3,
  backoffMs: 100,
  concurrency: 1,
});

/** Runs one job through the wrapper and tells how it ended and what was logged. */
async function run(handle: () => Promise<void>, overrides: Partial<RunningJob> = {}) {
  const logged: string[] = [];
  const logger = { warn: () => logged.push('warn'), error: () => logged.push('error') };
  const handlers = new Map([[jobKey(contract), { contract, handler: { handle } }]]);
  const data = { version: 2, payload: { id: 'x' } };
  const job = { name: 'do-something', id: 'j', data, attemptsMade: 0, opts: { attempts: 3 }, ...overrides };
  const process = createJobProcessor('tests', handlers, logger);
  const error = await process(job, undefined, undefined).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, logged };
}

const fail = (error: unknown) => () => Promise.reject(error);
const away = new TandemError('operational', 'test.away', 'the neighbour does not answer');

describe('a running job', () => {
  it('that ends well says nothing', async () => {
    expect(await run(() => Promise.resolve())).toEqual({ error: undefined, logged: [] });
  });

  it('that may work next time is a warning and is tried again', async () => {
    expect(await run(fail(away))).toEqual({ error: away, logged: ['warn'] });
    expect(await run(fail('a string'))).toMatchObject({ error: { message: 'a string' }, logged: ['warn'] });
  });

  it('that fails for the last time is an error', async () => {
    expect(await run(fail(away), { attemptsMade: 2 })).toEqual({ error: away, logged: ['error'] });
  });

  it('that asks for something impossible is not tried again', async () => {
    const { error, logged } = await run(fail(new TandemError('user', 'test.impossible', 'no')));
    expect(error).toBeInstanceOf(UnrecoverableError);
    expect(logged).toEqual(['error']);
  });

  it('whose payload does not fit is not tried again', async () => {
    const { error } = await run(() => Promise.resolve(), { data: { version: 1, payload: { id: 7 } } });
    expect(error).toBeInstanceOf(UnrecoverableError);
  });

  it('that this worker is too old for is left to a newer one', async () => {
    for (const job of [{ data: { version: 3, payload: { id: 'x' } } }, { name: 'unheard-of' }]) {
      const { error, logged } = await run(() => Promise.resolve(), job);
      expect(error).toMatchObject({ kind: 'operational', code: 'queue.job-unknown' });
      expect(logged).toEqual(['warn']);
    }
  });
});
