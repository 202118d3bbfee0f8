import { z } from 'zod';
import { currency, figuresResponse, localDateText, uuid } from '../platform/http/schemas.js';
import { CLERK_FIGURES, NO_RATE } from './domain/rank-clerks.js';

/** Local dates of the campaign zone; `to` does not belong to the period. */
export const staffQuery = z.strictObject({
  from: localDateText().optional(),
  to: localDateText().optional(),
  partnerId: uuid().optional().meta({ description: 'Whose clerks; the operator has to say' }),
});
export type StaffQuery = z.output<typeof staffQuery>;

const figures = figuresResponse(CLERK_FIGURES, [NO_RATE]);

export const staffResponse = z
  .strictObject({
    campaignId: uuid(),
    partnerId: uuid(),
    from: z.iso.date(),
    to: z.iso.date(),
    currency: currency(),
    figures,
    clerks: z.array(
      z.strictObject({
        channelId: uuid(),
        channelName: z.string(),
        clerk: z.string().nullable().meta({ description: 'As the till says it; null: it does not say' }),
        figures,
      }),
    ),
    others: z
      .strictObject({ clerks: z.int(), figures })
      .meta({ description: 'Clerks beyond the length of the list, added up' }),
  })
  .meta({ id: 'StaffReport' });
