import { describe, expect, it } from '@jest/globals';
import { NotifiedCache, type NotifiedCacheOptions } from './notified-cache.js';

/** A source of answers that counts its questions and can be made to wait. */
class Source {
  readonly asked: string[] = [];
  readonly answers = new Map<string, string>();
  gate: Promise<void> = Promise.resolve();

  readonly load = async (key: string): Promise<string | undefined> => {
    this.asked.push(key);
    const answer = this.answers.get(key);
    await this.gate;
    return answer;
  };
}

function setUp(options: Partial<NotifiedCacheOptions> = {}) {
  const source = new Source();
  const clock = { now: 0, listening: true };
  const cache = new NotifiedCache(source.load, {
    capacity: 10,
    maxAgeMs: Infinity,
    missMs: 0,
    isListening: () => clock.listening,
    now: () => clock.now,
    ...options,
  });
  return { source, clock, cache };
}

describe('a notified cache', () => {
  it('asks once for what does not change', async () => {
    const { source, clock, cache } = setUp();
    source.answers.set('a', '1');
    await cache.get('a');
    clock.now = 1e12;
    expect(await cache.get('a')).toBe('1');
    expect(source.asked).toEqual(['a']);
  });

  it('callers that ask at the same moment share one question', async () => {
    const { source, cache } = setUp();
    source.answers.set('a', '1');
    expect(await Promise.all([cache.get('a'), cache.get('a'), cache.get('a')])).toEqual(['1', '1', '1']);
    expect(source.asked).toEqual(['a']);
  });

  it('forgets an answer when it hears that it changed', async () => {
    const { source, cache } = setUp();
    source.answers.set('a', '1');
    await cache.get('a');
    source.answers.set('a', '2');
    cache.onMessage('a');
    expect(await cache.get('a')).toBe('2');
  });

  it('does not keep an answer that was on its way when the change was heard', async () => {
    const { source, cache } = setUp();
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => (open = resolve));
    source.answers.set('a', 'old');
    const early = cache.get('a');
    source.answers.set('a', 'new');
    cache.onMessage('a');
    const late = cache.get('a');
    open();
    expect([await early, await late, await cache.get('a')]).toEqual(['old', 'new', 'new']);
  });

  it('forgets everything when changes may have been missed', async () => {
    const { source, cache } = setUp();
    source.answers.set('a', '1').set('b', '1');
    await Promise.all([cache.get('a'), cache.get('b')]);
    source.answers.clear();
    cache.onGap();
    expect(await Promise.all([cache.get('a'), cache.get('b')])).toEqual([undefined, undefined]);
  });

  it('trusts an answer for two seconds at most while it cannot hear changes', async () => {
    const { source, clock, cache } = setUp();
    clock.listening = false;
    source.answers.set('a', '1');
    await cache.get('a');
    source.answers.set('a', '2');
    clock.now = 1_999;
    expect(await cache.get('a')).toBe('1');
    clock.now = 2_000;
    expect(await cache.get('a')).toBe('2');
  });

  it('trusts nothing from the future when the clock was set back', async () => {
    const { source, clock, cache } = setUp();
    clock.now = 10_000;
    source.answers.set('a', '1');
    await cache.get('a');
    clock.now = 0;
    await cache.get('a');
    expect(source.asked).toHaveLength(2);
  });

  it('remembers for a while that there is nothing, if it is told to', async () => {
    const { source, clock, cache } = setUp({ missMs: 1_000 });
    await cache.get('a');
    await cache.get('a');
    expect(source.asked).toHaveLength(1);
    clock.now = 1_000;
    source.answers.set('a', '1');
    expect(await cache.get('a')).toBe('1');
  });

  it('otherwise asks again for what was not there', async () => {
    const { source, cache } = setUp();
    await cache.get('a');
    source.answers.set('a', '1');
    expect(await cache.get('a')).toBe('1');
  });

  it('any number of misses leaves the answers in place', async () => {
    const { source, cache } = setUp({ capacity: 2, missMs: 1_000 });
    source.answers.set('a', '1').set('b', '1');
    await cache.get('a');
    await cache.get('b');
    for (const key of ['x', 'y', 'z']) await cache.get(key);
    await cache.get('a');
    await cache.get('b');
    expect(source.asked).toEqual(['a', 'b', 'x', 'y', 'z']);
  });

  it('lets the oldest answer go when it is full', async () => {
    const { source, cache } = setUp({ capacity: 2 });
    source.answers.set('a', '1').set('b', '1').set('c', '1');
    for (const key of ['a', 'b', 'c', 'b', 'c', 'a']) await cache.get(key);
    expect(source.asked).toEqual(['a', 'b', 'c', 'a']);
  });

  it('does not remember a failure', async () => {
    const { source, cache } = setUp();
    source.gate = Promise.reject(new Error('the database is away'));
    await expect(cache.get('a')).rejects.toThrow('away');
    source.gate = Promise.resolve();
    source.answers.set('a', '1');
    expect(await cache.get('a')).toBe('1');
  });
});
