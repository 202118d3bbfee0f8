import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ceilingOf, lowMarkOf, nextPortion, surplus } from './pool-size.js';

describe('the pool of an offer', () => {
  it('grows by portions up to the ceiling, and never past it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), (ceiling) => {
        let made = 0;
        for (let portion = nextPortion(made, ceiling); portion > 0; portion = nextPortion(made, ceiling)) {
          made += portion;
        }
        expect(made).toBe(ceiling);
      }),
    );
  });

  it('stays as it is when the ceiling was lowered below it', () => {
    expect([nextPortion(100, 40), surplus(100, 40)]).toEqual([0, 60]);
    expect([nextPortion(100, 140), surplus(100, 140)]).toEqual([40, 0]);
  });

  it('asks for more while fifty are left of a portion, and not at all when the portion is that small', () => {
    const left = (portion: number) => portion - 1 - (lowMarkOf(portion) ?? NaN);
    expect([left(100), left(51)]).toEqual([50, 50]);
    expect([lowMarkOf(50), lowMarkOf(1)]).toEqual([null, null]);
  });

  it('has a ceiling also when none was agreed', () => {
    expect([ceilingOf(null), ceilingOf(50)]).toEqual([1_000_000, 50]);
  });
});
