import { z } from 'zod';
import { currency, figureResponse, figuresResponse, localDateText, uuid } from '../platform/http/schemas.js';
import { BALANCE_REASONS, BALANCE_VERDICTS, NO_RATE } from './domain/balance-pairs.js';
import { BALANCED, PAIR_FIGURES } from './domain/build-reciprocity.js';

/** Local dates of the campaign zone; `to` does not belong to the period. */
export const reciprocityQuery = z.strictObject({
  from: localDateText().optional(),
  to: localDateText().optional(),
});
export type ReciprocityQuery = z.output<typeof reciprocityQuery>;

const balance = z.strictObject({
  balance: figureResponse([NO_RATE]),
  imbalance: figureResponse(BALANCE_REASONS),
  verdict: z
    .enum(BALANCE_VERDICTS)
    .optional()
    .meta({ description: 'The imbalance against the agreed tolerance, where both are known' }),
});

export const reciprocityResponse = z
  .strictObject({
    campaignId: uuid(),
    from: z.iso.date(),
    to: z.iso.date(),
    currency: currency(),
    tolerance: z.string().nullable().meta({ description: 'percent' }),
    pairs: z.array(
      z.strictObject({
        issuerPartnerId: uuid(),
        redeemerPartnerId: uuid(),
        label: z.string(),
        figures: figuresResponse(PAIR_FIGURES, [NO_RATE]),
      }),
    ),
    balances: z.array(
      z.strictObject({
        partnerId: uuid(),
        otherPartnerId: uuid(),
        label: z.string(),
        figures: z.strictObject(
          Object.fromEntries(BALANCED.map((name) => [name, balance])) as Record<
            (typeof BALANCED)[number],
            typeof balance
          >,
        ),
      }),
    ),
  })
  .meta({ id: 'Reciprocity' });
