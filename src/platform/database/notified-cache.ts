import type { Subscriber } from './listener.js';

/** While changes are not heard, an answer may be wrong for this long at most. */
const UNHEARD_MS = 2_000;

export interface NotifiedCacheOptions {
  /** Answers kept, and as many misses; beyond it the oldest goes. */
  readonly capacity: number;
  /** How long an answer is kept although nobody said that it changed. */
  readonly maxAgeMs: number;
  /** How long it is remembered that there is no answer; 0 asks again every time. */
  readonly missMs: number;
  /** Whether changes are being heard at the moment. */
  readonly isListening: () => boolean;
  /** Epoch ms. */
  readonly now: () => number;
}

interface Remembered<V> {
  readonly value: V | undefined;
  readonly askedAt: number;
}

/**
 * Answers kept in this process until a notification says that they changed. Callers that ask for the same key at once
 * share one look-up; one that was under way when a change was heard still answers them, but is not kept.
 */
export class NotifiedCache<V> implements Subscriber {
  // Two maps, so that a flood of keys that do not exist cannot push out those that do.
  private readonly hits = new Map<string, Remembered<V>>();
  private readonly misses = new Map<string, Remembered<V>>();
  private readonly asking = new Map<string, Promise<V | undefined>>();

  constructor(
    private readonly load: (key: string) => Promise<V | undefined>,
    private readonly options: NotifiedCacheOptions,
  ) {}

  async get(key: string): Promise<V | undefined> {
    const { maxAgeMs, missMs } = this.options;
    const hit = this.hits.get(key);
    if (hit && this.isFresh(hit, maxAgeMs)) return hit.value;
    const miss = this.misses.get(key);
    if (miss && this.isFresh(miss, missMs)) return undefined;
    return this.asking.get(key) ?? this.ask(key);
  }

  onMessage(key: string): void {
    for (const map of [this.hits, this.misses, this.asking]) map.delete(key);
  }

  onGap(): void {
    for (const map of [this.hits, this.misses, this.asking]) map.clear();
  }

  private ask(key: string): Promise<V | undefined> {
    const askedAt = this.options.now();
    const answer: Promise<V | undefined> = this.load(key)
      .then((value) => {
        if (this.asking.get(key) === answer) this.remember(key, { value, askedAt });
        return value;
      })
      .finally(() => {
        if (this.asking.get(key) === answer) this.asking.delete(key);
      });
    this.asking.set(key, answer);
    return answer;
  }

  private remember(key: string, remembered: Remembered<V>): void {
    this.hits.delete(key);
    this.misses.delete(key);
    const into = remembered.value === undefined ? this.misses : this.hits;
    into.set(key, remembered);
    if (into.size <= this.options.capacity) return;
    const oldest = into.keys().next();
    if (!oldest.done) into.delete(oldest.value);
  }

  // A clock set back makes the age negative: ask again rather than trust it for longer.
  private isFresh({ askedAt }: Remembered<V>, maxAgeMs: number): boolean {
    const age = this.options.now() - askedAt;
    return age >= 0 && age < (this.options.isListening() ? maxAgeMs : Math.min(maxAgeMs, UNHEARD_MS));
  }
}
