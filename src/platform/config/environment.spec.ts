import { describe, expect, it } from '@jest/globals';
import { EnvironmentError, readEnvironment } from './environment.js';

const faultsOf = (variables: Record<string, string>): readonly string[] => {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
  }
  return [];
};

describe('the environment', () => {
  it('needs nothing: everything has a default', () => {
    expect(readEnvironment({})).toMatchObject({ PORT: 3000, ROLE: 'all', DATA_DIR: 'data' });
  });

  it('treats an empty variable as unset', () => {
    expect(readEnvironment({ DATABASE_URL: '', PORT: '' }).DATABASE_URL).toBeUndefined();
  });

  it('reports everything that is wrong at once', () => {
    const faults = faultsOf({
      DATABASE_URL: 'mysql://x',
      REDIS_URL: 'nonsense',
      PORT: '70000',
      ROLE: 'boss',
      OPERATOR_KEY: 'short',
    });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'DATABASE_URL',
      'REDIS_URL',
      'PORT',
      'ROLE',
      'OPERATOR_KEY',
    ]);
  });

  it('never repeats a password or a key in its report', () => {
    const report = faultsOf({ DATABASE_URL: 'mysql://u:hunter2@x', OPERATOR_KEY: 'hunter2' }).join('\n');
    expect(report).not.toContain('hunter2');
  });

  it('refuses a lone api or worker on the embedded database', () => {
    expect(faultsOf({ ROLE: 'worker' })[0]).toContain('needs DATABASE_URL');
  });
});
