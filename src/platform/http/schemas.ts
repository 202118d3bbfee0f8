import { z } from 'zod';
import { isCurrency, type Money, parseMoney } from '../../kernel/money.js';
import { isTimeZone } from '../../kernel/period.js';

/** Building blocks of request and response schemas. Request schemas are strict: an unknown field is an error. */

// Control characters never belong in a name or a number; NUL cannot even be stored. Nor can half a surrogate pair: UTF-8
// would make every such half the same character, and two external ids one.
// eslint wants no control characters in a regex literal, so they are named by property.
const NO_CONTROL = /^[^\p{Cc}\p{Cs}]*$/u;

export const text = (max: number) =>
  z.string().trim().min(1).max(max).regex(NO_CONTROL, 'must not contain control characters');

export const uuid = () => z.uuid().toLowerCase();

export const currency = () =>
  z
    .string()
    .refine(isCurrency, 'must be an ISO 4217 currency code')
    .meta({ examples: ['EUR'] });

export const timeZone = () =>
  z
    .string()
    .refine(isTimeZone, 'must be an IANA time zone')
    .meta({ examples: ['Europe/Berlin'] });

export const country = () =>
  z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 country code')
    .meta({ examples: ['DE'] });

export const localDateText = () =>
  z.iso
    .date()
    .refine((date) => date >= '1900-01-01' && date < '2200-01-01', 'must be a date between 1900 and 2199');

/** RFC 3339 with an offset, as epoch milliseconds. */
export const instant = () =>
  z.iso.datetime({ offset: true }).transform((value, context) => {
    const epochMs = Date.parse(value);
    if (Number.isSafeInteger(epochMs) && value.slice(0, 4) >= '1900') return epochMs;
    context.addIssue({ code: 'custom', message: 'must be an instant such as 2026-06-01T12:00:00+02:00' });
    return z.NEVER;
  });

/** `{ "amount": "12.30", "currency": "EUR" }`, never negative, at most the currency's decimals. */
export const money = () =>
  z
    .strictObject({
      amount: z
        .string()
        .max(24)
        .meta({ examples: ['12.30'] }),
      currency: currency(),
    })
    .transform((value, context): Money => {
      try {
        const parsed = parseMoney(value.amount, value.currency);
        if (parsed.minor >= 0n) return parsed;
        context.addIssue({ code: 'custom', path: ['amount'], message: 'must not be negative' });
      } catch (error) {
        context.addIssue({
          code: 'custom',
          path: ['amount'],
          message: error instanceof Error ? error.message : 'is not an amount',
        });
      }
      return z.NEVER;
    });

/** Who a customer is, by at least one detail. */
export const customerDetails = () =>
  z
    .strictObject({
      reference: text(200)
        .optional()
        .describe("The partner's own number of the customer; never a phone or an e-mail"),
      phone: text(40).optional(),
      email: text(254).optional(),
    })
    .refine(
      (given) => Object.values(given).some((value) => value !== undefined),
      'must have a reference, a phone or an email',
    );

/** A whole number that fits PostgreSQL's integer. */
export const count = () => z.int().min(1).max(2_147_483_647);

export const moneyResponse = () => z.object({ amount: z.string(), currency: z.string() });
export const instantResponse = () => z.string().meta({ format: 'date-time' });

/** `?limit=&cursor=` of every list. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
export type PageQuery = z.infer<typeof pageQuery>;
export const pageResponse = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** A value with its unit, or the one of these reasons why there is none; beside it the numbers it was made from. */
export const figureResponse = (reasons: readonly string[]) => {
  const parts = z.record(z.string(), z.string()).optional();
  const value = z.strictObject({ value: z.string(), unit: z.string(), parts });
  return reasons.length === 0
    ? value
    : z.union([value, z.strictObject({ undefined: z.enum(reasons), parts })]);
};
/** Figures by name, all with the same reasons. */
export const figuresResponse = <Name extends string>(names: readonly Name[], reasons: readonly string[]) =>
  z.strictObject(
    Object.fromEntries(names.map((name) => [name, figureResponse(reasons)])) as Record<
      Name,
      ReturnType<typeof figureResponse>
    >,
  );
