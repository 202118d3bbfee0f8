import type { ComparedSeries } from '../../src/uplift/domain/compared-series.js';

/** 2025-01-06, a Monday. */
export const FIRST_MONDAY = 20_094;

export interface SeriesShape {
  readonly before?: number;
  readonly during?: number;
  readonly effect?: number;
  readonly controls?: number;
  readonly noise?: number;
  readonly seed?: number;
  readonly hasWeekdays?: boolean;
}

/**
 * A shop that sells some 100 a day, more on Saturdays, with noise of its own, and channels beside it that move with the same
 * town. Made by a fixed sequence: the same shape is the same series.
 */
export function buildSeries(shape: SeriesShape = {}): ComparedSeries {
  const {
    before = 84,
    during = 28,
    effect = 0,
    controls = 1,
    noise = 4,
    seed = 1,
    hasWeekdays = true,
  } = shape;
  const random = sequence(seed);
  const days = Array.from({ length: before + during }, (_, index) => FIRST_MONDAY + index);
  const town = days.map((_, index) => 10 * Math.sin(index / 9) + 3 * normal(random));
  const weekday = days.map((_, index) => (index % 7 === 5 ? 30 : 0));
  return {
    days,
    observed: days.map((_, index) => {
      const own = 100 + town[index]! + weekday[index]! + noise * normal(random);
      return own + (index >= before ? effect : 0);
    }),
    controls: Array.from({ length: controls }, (_, control) =>
      days.map((_day, index) => {
        return 60 + 20 * control + 0.6 * town[index]! + 0.5 * weekday[index]! + 2 * normal(random);
      }),
    ),
    start: before,
    hasWeekdays,
  };
}

/** Numbers from 0 to 1, mulberry32. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
