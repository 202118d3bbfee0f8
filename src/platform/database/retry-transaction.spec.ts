import { describe, expect, it } from '@jest/globals';
import { retryTransaction } from './retry-transaction.js';

const deadlock = () => Object.assign(new Error('deadlock detected'), { code: '40P01' });

function failing(times: number, error: () => Error) {
  const runs = { count: 0 };
  const run = async (): Promise<string> => {
    runs.count += 1;
    if (runs.count <= times) throw error();
    return 'done';
  };
  return { runs, run };
}

describe('retryTransaction', () => {
  it('runs a transaction again that lost a deadlock', async () => {
    const { run, runs } = failing(2, deadlock);
    await expect(retryTransaction(run)).resolves.toBe('done');
    expect(runs.count).toBe(3);
  });

  it('gives up after five tries with the last error', async () => {
    const { run, runs } = failing(100, deadlock);
    await expect(retryTransaction(run)).rejects.toThrow('deadlock detected');
    expect(runs.count).toBe(5);
  });

  it('does not repeat what would fail again', async () => {
    const { run, runs } = failing(1, () => new Error('a bug'));
    await expect(retryTransaction(run)).rejects.toThrow('a bug');
    expect(runs.count).toBe(1);
  });
});
