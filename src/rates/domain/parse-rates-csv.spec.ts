import { describe, expect, it } from '@jest/globals';
import { parseRatesCsv } from './parse-rates-csv.js';

const HEADER = 'from,to,date,rate';
const GOOD = 'EUR,USD,2026-06-01,1.0875';
const RATE = { base: 'EUR', quote: 'USD', validFrom: '2026-06-01', rate: '1.0875' };
const file = (...lines: string[]): string => [HEADER, ...lines].join('\n');
const detailsOf = (text: string): string[] => {
  const parsed = parseRatesCsv(text);
  return parsed.kind === 'faulty' ? parsed.errors.map(({ detail }) => detail) : [];
};

describe('parseRatesCsv', () => {
  it('reads a line each', () => {
    const parsed = parseRatesCsv(file(GOOD, 'KWD,EUR,2026-06-02,3.0'));
    const second = { base: 'KWD', quote: 'EUR', validFrom: '2026-06-02', rate: '3' };
    expect(parsed).toEqual({ kind: 'rates', rates: [RATE, second] });
  });

  it.each([
    ['a byte order mark', `\ufeff${file(GOOD)}`],
    ['CRLF', `${HEADER}\r\n${GOOD}\r\n`],
    ['a last line break', `${file(GOOD)}\n`],
  ])('does not mind %s', (_, text) => {
    expect(parseRatesCsv(text)).toEqual({ kind: 'rates', rates: [RATE] });
  });

  it.each([
    ['NaN', 'EUR,USD,2026-06-01,NaN', 'line 3: rate must be a plain decimal'],
    ['a negative rate', 'EUR,USD,2026-06-01,-1.1', 'line 3: rate must be a plain decimal'],
    ['a rate of zero', 'EUR,USD,2026-06-01,0.00', 'line 3: rate must be more than 0'],
    ['19 digits', 'EUR,USD,2026-06-01,1.234567890123456789', 'line 3: rate must have at most 18 digits'],
    ['an exponent', 'EUR,USD,2026-06-01,1e2', 'line 3: rate must be a plain decimal'],
    ['a currency nobody has', 'EUR,XXX,2026-06-01,1.1', 'line 3: to must be an ISO 4217 currency code'],
    ['lower case', 'eur,USD,2026-06-01,1.1', 'line 3: from must be an ISO 4217 currency code'],
    ['a currency in itself', 'EUR,EUR,2026-06-01,1', 'line 3: to must be another currency'],
    [
      'a date that does not exist',
      'EUR,USD,2026-02-30,1.1',
      'line 3: date must be a date such as 2026-06-30',
    ],
    ['a field too few', 'EUR,USD,2026-06-01', 'line 3: must have 4 fields, not 3'],
    ['a decimal comma', 'EUR,USD,2026-06-01,1,1', 'line 3: must have 4 fields, not 5'],
    ['semicolons', 'EUR;USD;2026-06-01;1.1', 'line 3: must have 4 fields, not 1'],
    ['quotes', '"EUR","USD","2026-06-01","1.1"', 'line 3: from must be an ISO 4217 currency code'],
    ['an empty line', '', 'line 3: must have 4 fields, not 1'],
    ['a space', 'EUR, USD,2026-06-01,1.1', 'line 3: to must be an ISO 4217 currency code'],
  ])('%s makes the whole file faulty and its line is named', (_, line, detail) => {
    const [first] = detailsOf(file('USD,JPY,2026-06-01,150.25', line, 'GBP,EUR,2026-06-01,1.17'));
    expect(first).toContain(detail);
  });

  it('the same pair and date twice is faulty, whatever the rates say, and both lines are named', () => {
    expect(detailsOf(file(GOOD, 'GBP,EUR,2026-06-01,1.17', 'EUR,USD,2026-06-01,1.09'))).toEqual([
      'line 4: says the same as line 2',
    ]);
  });

  it('names several faults at once, but not thousands', () => {
    expect(detailsOf(file('EUR,EUR,x,0', GOOD))).toHaveLength(3);
    expect(detailsOf(file(...Array<string>(1_000).fill('x')))).toHaveLength(20);
  });

  it.each(['', HEADER.toUpperCase(), `${HEADER},note\n${GOOD}`, GOOD, 'from;to;date;rate'])(
    'needs its header: %j',
    (text) => {
      expect(detailsOf(text)).toEqual(['line 1 must be from,to,date,rate']);
    },
  );

  it.each([HEADER, `${HEADER}\n`])('needs a rate: %j', (text) => {
    expect(detailsOf(text)).toEqual(['has no rates']);
  });
});
