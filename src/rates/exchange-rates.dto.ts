import { z } from 'zod';
import { currency, instantResponse, pageQuery, pageResponse } from '../platform/http/schemas.js';
import type { Page } from '../platform/http/page.js';
import { type ExchangeRate, isRateDate, parseRate, rateKey } from './domain/exchange-rate.js';
import type { ImportedRate } from './exchange-rate.repository.js';
import type { ImportedRates } from './exchange-rates.service.js';

const rateText = z
  .string()
  .max(40)
  .transform((text, context): string => {
    const parsed = parseRate(text);
    if (parsed.kind === 'rate') return parsed.rate;
    context.addIssue({ code: 'custom', message: parsed.detail });
    return z.NEVER;
  })
  .meta({
    description: 'Units of `to` for one unit of `from`: a plain decimal of at most 18 digits',
    examples: ['1.0875'],
  });

const exchangeRate = z
  .strictObject({
    from: currency(),
    to: currency(),
    date: z
      .string()
      .refine(isRateDate, 'must be a date such as 2026-06-30')
      .meta({ description: 'The first day on which it is valid', format: 'date' }),
    rate: rateText,
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must be another currency' })
  .meta({ id: 'ExchangeRate' });

export const exchangeRatesRequest = z
  .strictObject({ items: z.array(exchangeRate).min(1).max(1_000) })
  .superRefine(({ items }, context) => {
    const seen = new Set<string>();
    items.forEach((item, index) => {
      const key = rateKey(toRate(item));
      if (seen.has(key))
        context.addIssue({
          code: 'custom',
          path: ['items', index],
          message: 'this pair and date came before',
        });
      seen.add(key);
    });
  })
  .meta({ id: 'ExchangeRatesRequest' });
export type ExchangeRatesRequest = z.output<typeof exchangeRatesRequest>;

/** Checked line by line afterwards, so that a fault names its line. */
export const exchangeRatesFile = z.string();

const rateResponse = z.object({
  from: z.string(),
  to: z.string(),
  date: z.iso.date(),
  rate: z.string(),
});

export const importResponse = z
  .object({
    imported: z.int().meta({ description: 'Rates that say something new' }),
    unchanged: z.int().meta({ description: 'Rates that had been imported before' }),
    tooLate: z.array(rateResponse).meta({
      description:
        'Rates that came after their day had been converted at another one, which it keeps; 20 at most. They count for the days after it',
    }),
  })
  .meta({ id: 'ExchangeRatesImport' });
export type ImportResponse = z.infer<typeof importResponse>;

export const exchangeRateQuery = pageQuery.extend({ from: currency().optional(), to: currency().optional() });
export type ExchangeRateQuery = z.output<typeof exchangeRateQuery>;

export const exchangeRatePage = pageResponse(
  rateResponse.extend({ importedAt: instantResponse() }).meta({ id: 'ImportedExchangeRate' }),
).meta({ id: 'ExchangeRatePage' });
export type ExchangeRatePage = z.infer<typeof exchangeRatePage>;

export function toRates({ items }: ExchangeRatesRequest): ExchangeRate[] {
  return items.map(toRate);
}

export function toImportResponse({ tooLate, ...counts }: ImportedRates): ImportResponse {
  return { ...counts, tooLate: tooLate.map(toRateResponse) };
}

export function toExchangeRatePage({ items, nextCursor }: Page<ImportedRate>): ExchangeRatePage {
  return {
    items: items.map((item) => ({ ...toRateResponse(item), importedAt: item.importedAt.toISOString() })),
    nextCursor,
  };
}

function toRate({ from, to, date, rate }: z.output<typeof exchangeRate>): ExchangeRate {
  return { base: from, quote: to, validFrom: date, rate };
}

function toRateResponse({ base, quote, validFrom, rate }: ExchangeRate): z.infer<typeof rateResponse> {
  return { from: base, to: quote, date: validFrom, rate };
}
