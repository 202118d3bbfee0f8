import { type Ratio, ratio } from '../../kernel/ratio.js';
import type { Journey } from './journey.js';

/** Where a step of a journey leads: to a party by its number, or to an end. */
export type State = number | 'start' | 'conversion' | 'null';

export interface Transition {
  readonly from: State;
  readonly to: State;
  readonly count: number;
  /** How many steps lead away from `from`, wherever to. */
  readonly leaving: number;
  /** count / leaving: the part of all steps from `from` that lead to `to`. */
  readonly probability: Ratio;
}

/**
 * The steps of a Markov chain of order 1, counted: start -> first touch -> … -> last touch -> conversion or null. Counts are
 * whole numbers, so the order of journeys does not matter. Memory grows with the pairs of parties that follow each other.
 */
export class TransitionCounts {
  private readonly counts = new Map<number, number>();
  private readonly width: number;

  constructor(readonly parties: number) {
    this.width = parties + 2;
  }

  add({ parties, conversions, nulls }: Journey): void {
    let from = this.parties;
    for (const to of parties) {
      this.count(from, to, conversions + nulls);
      from = to;
    }
    this.count(from, this.parties, conversions);
    this.count(from, this.parties + 1, nulls);
  }

  /** Every step that was seen, by the numbers of the parties; start comes after them, and so do the two ends. */
  transitions(): Transition[] {
    const steps = [...this.counts]
      .sort(([a], [b]) => a - b)
      .map(([key, count]) => ({ from: Math.floor(key / this.width), to: key % this.width, count }));
    const leaving = new Map<number, number>();
    for (const { from, count } of steps) leaving.set(from, (leaving.get(from) ?? 0) + count);
    return steps.map(({ from, to, count }) => this.name(from, to, count, leaving.get(from) ?? count));
  }

  private name(from: number, to: number, count: number, leaving: number): Transition {
    return {
      from: from < this.parties ? from : 'start',
      to: to < this.parties ? to : to === this.parties ? 'conversion' : 'null',
      ...{ count, leaving },
      probability: ratio(BigInt(count), BigInt(leaving)),
    };
  }

  private count(from: number, to: number, times: number): void {
    if (times === 0) return;
    const key = from * this.width + to;
    this.counts.set(key, (this.counts.get(key) ?? 0) + times);
  }
}
