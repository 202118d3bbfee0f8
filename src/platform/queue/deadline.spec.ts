import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { endsWithin, withDeadline } from './deadline.js';

const never = new Promise<never>(() => undefined);

describe('work with a deadline', () => {
  it('answers what the work answers', async () => {
    await expect(withDeadline(Promise.resolve('done'), 1_000, 'the store')).resolves.toBe('done');
  });

  it('fails as the work fails', async () => {
    await expect(withDeadline(Promise.reject(new Error('refused')), 1_000, 'the store')).rejects.toThrow(
      'refused',
    );
  });

  it('fails when the work takes too long', async () => {
    await expect(withDeadline(never, 10, 'the store')).rejects.toThrow(
      'the store did not answer within 10 ms',
    );
  });

  it('may have ended badly, and has ended', async () => {
    expect(await endsWithin(Promise.reject(new Error('refused')), 1_000)).toBe(true);
    expect(await endsWithin(sleep(1), 1_000)).toBe(true);
    expect(await endsWithin(never, 10)).toBe(false);
  });
});
