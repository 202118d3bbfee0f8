import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amount, count, defined, renderFigure, undefinedBecause } from './figure.js';
import { formatMoney, UnknownCurrencyError } from './money.js';
import { parseRatio, ratio } from './ratio.js';

const render = (n: bigint, d: bigint, unit: string): unknown => renderFigure(defined(ratio(n, d), unit));

describe('renderFigure', () => {
  it.each([
    [15n, 4n, 'ratio', '3.75'],
    [1n, 3n, 'ratio', '0.333333'],
    [200n, 3n, '%', '66.666667'],
    [10n, 1n, '%', '10'],
    [0n, 1n, '%', '0'],
    [-1n, 2n, 'ratio', '-0.5'],
    [1n, 2_000_000n, 'ratio', '0'],
    [3n, 2_000_000n, 'ratio', '0.000002'],
    [45n, 1n, 'count', '45'],
    [1200n, 1n, 'count', '1200'],
    [5n, 2n, 'count', '2.5'],
    [45n, 1n, 'EUR', '45.00'],
    [1n, 8n, 'EUR', '0.12'],
    [1n, 3n, 'KWD', '0.333'],
    [5n, 2n, 'JPY', '2'],
  ])('%d/%d as %s is "%s"', (n, d, unit, value) => {
    expect(render(n, d, unit)).toEqual({ value, unit });
  });

  it('money made of minor units looks the same in a figure as elsewhere', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        (minor, currency) => {
          const { value, unit } = amount(minor, currency);
          expect(renderFigure(defined(value, unit))).toEqual({
            value: formatMoney({ minor, currency }),
            unit: currency,
          });
        },
      ),
    );
  });

  it('each part is rendered in its own unit', () => {
    const figure = defined(parseRatio('3.75'), '%', {
      promoReceipts: count(45),
      revenue: amount(202_500n, 'EUR'),
      receiptsPerDay: { value: ratio(3n, 2n), unit: 'count' },
    });
    expect(renderFigure(figure)).toEqual({
      value: '3.75',
      unit: '%',
      parts: { promoReceipts: '45', revenue: '2025.00', receiptsPerDay: '1.5' },
    });
  });

  it('a figure without a denominator says why and still shows its parts', () => {
    expect(renderFigure(undefinedBecause('no-cost', { income: amount(500n, 'EUR') }))).toEqual({
      undefined: 'no-cost',
      parts: { income: '5.00' },
    });
  });

  it('a figure without parts has no empty list of parts', () => {
    expect(renderFigure(undefinedBecause('no-cost'))).toStrictEqual({ undefined: 'no-cost' });
    expect(render(1n, 1n, 'count')).toStrictEqual({ value: '1', unit: 'count' });
  });

  it('a unit that is no currency is a bug', () => {
    expect(() => render(1n, 1n, 'percent')).toThrow(UnknownCurrencyError);
  });
});

describe('count', () => {
  it('numbers and bigints count alike', () => {
    expect(count(45)).toEqual(count(45n));
  });

  it('a fraction is not a count', () => {
    expect(() => count(1.5)).toThrow(RangeError);
  });
});
