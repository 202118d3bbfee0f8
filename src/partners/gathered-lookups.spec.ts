import { describe, expect, it } from '@jest/globals';
import { GatheredLookups } from './gathered-lookups.js';

/** A store that notes each query and how many run at once. */
class Store {
  readonly queries: string[][] = [];
  isDown = false;
  running = 0;
  mostRunning = 0;

  readonly findAll = async (keys: string[]): Promise<Map<string, string>> => {
    this.queries.push(keys);
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    await new Promise((resolve) => setImmediate(resolve));
    this.running -= 1;
    if (this.isDown) throw new Error('the store is away');
    return new Map(keys.filter((key) => key !== 'none').map((key) => [key, `value of ${key}`]));
  };
}

describe('gathered look-ups', () => {
  it('answer each question with its own value', async () => {
    const lookups = new GatheredLookups(new Store().findAll);
    const answers = await Promise.all(['a', 'none', 'b', 'a'].map((key) => lookups.find(key)));
    expect(answers).toEqual(['value of a', undefined, 'value of b', 'value of a']);
  });

  it('ask a lone question at once', async () => {
    const store = new Store();
    const answer = new GatheredLookups(store.findAll).find('a');
    expect(store.queries).toEqual([['a']]);
    await answer;
  });

  it('a thousand questions at once take three queries, one after the other', async () => {
    const store = new Store();
    const lookups = new GatheredLookups(store.findAll);
    const keys = Array.from({ length: 1_001 }, (_, index) => `key ${index}`);
    const answers = await Promise.all(keys.map((key) => lookups.find(key)));
    expect(answers).toEqual(keys.map((key) => `value of ${key}`));
    expect(store.queries.map((query) => query.length)).toEqual([1, 500, 500]);
    expect(store.mostRunning).toBe(1);
  });

  it('a failed query fails its questions and no later ones', async () => {
    const store = new Store();
    const lookups = new GatheredLookups(store.findAll);
    store.isDown = true;
    await expect(lookups.find('a')).rejects.toThrow('away');
    store.isDown = false;
    expect(await lookups.find('a')).toBe('value of a');
  });
});
