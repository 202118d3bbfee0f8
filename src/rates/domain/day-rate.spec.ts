import { describe, expect, it } from '@jest/globals';
import { ratio } from '../../kernel/ratio.js';
import { printRate } from './day-rate.js';
import { minorRatio } from './exchange-rate.js';

describe('printRate', () => {
  it.each([
    ['USD', 'EUR', '0.92'],
    ['USD', 'JPY', '150.25'],
    ['JPY', 'KWD', '0.002'],
    ['KWD', 'JPY', '480'],
  ])('1 %s in %s at %s is printed as it was imported', (base, quote, rate) => {
    expect(printRate({ base, quote, perMinor: minorRatio({ base, quote, rate }) })).toBe(rate);
  });

  it('cuts an inverse that never ends to 18 places', () => {
    expect(printRate({ base: 'USD', quote: 'EUR', perMinor: ratio(1n, 3n) })).toBe('0.333333333333333333');
  });
});
