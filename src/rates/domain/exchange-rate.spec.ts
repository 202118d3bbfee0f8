import { describe, expect, it } from '@jest/globals';
import { isRateDate, minorRatio, parseRate } from './exchange-rate.js';

const minor = (base: string, quote: string, rate: string) => {
  const { numerator, denominator } = minorRatio({ base, quote, rate });
  return `${numerator}/${denominator}`;
};

describe('parseRate', () => {
  it.each([
    ['1.0875', '1.0875'],
    ['1.08750', '1.0875'],
    ['150', '150'],
    ['150.000', '150'],
    ['100.10', '100.1'],
    ['0.000000001', '0.000000001'],
    ['999999999.999999999', '999999999.999999999'],
    ['0.00000000000000001', '0.00000000000000001'],
  ])('%s is %s', (text, rate) => {
    expect(parseRate(text)).toEqual({ kind: 'rate', rate });
  });

  it.each([
    ...[
      '',
      ' 1',
      '1 ',
      '+1',
      '-1',
      '-1.5',
      '0',
      '0.0',
      '0.00',
      '00.5',
      '01',
      '.5',
      '1.',
      '1,5',
      '1e3',
      '0x1',
      '1_000',
    ],
    ...['NaN', 'nan', 'Infinity', '-Infinity', 'null', '1.5.2', '١', '1/2', '1000000000'],
    ...['1.000000000000000000', '1234567890.123456789', '123456789.1234567890'],
  ])('%j is no rate', (text) => {
    expect(parseRate(text).kind).toBe('faulty');
  });
});

describe('minorRatio', () => {
  it('is the rate itself between currencies with as many decimals', () => {
    expect(minor('EUR', 'USD', '1.25')).toBe('5/4');
  });

  it('turns cents into yen, which have no decimals: 150.25 JPY for a dollar are 1.5025 for a cent', () => {
    expect(minor('USD', 'JPY', '150.25')).toBe('601/400');
  });

  it('turns cents into fils, which have three: 0.31 KWD for a dollar are 3.1 fils for a cent', () => {
    expect(minor('USD', 'KWD', '0.31')).toBe('31/10');
  });

  it('turns fils into yen: 480 JPY for a dinar are 0.48 for a fils', () => {
    expect(minor('KWD', 'JPY', '480')).toBe('12/25');
  });
});

describe('isRateDate', () => {
  it.each(['2000-01-01', '2024-02-29', '2199-12-31'])('%s may be one', (date) => {
    expect(isRateDate(date)).toBe(true);
  });

  it.each(['1999-12-31', '2200-01-01', '2026-02-29', '2026-6-1', '20260601', '2026-06-01T00:00', ''])(
    '%j may not',
    (date) => {
      expect(isRateDate(date)).toBe(false);
    },
  );
});
