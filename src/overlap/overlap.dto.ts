import { z } from 'zod';
import { figureResponse, figuresResponse, uuid } from '../platform/http/schemas.js';
import { OVERLAP_FIGURES, OVERLAP_REASONS } from './domain/measure-overlap.js';

export const overlapQuery = z.strictObject({
  partnerId: uuid().optional().meta({ description: 'Whose customers; the operator has to say' }),
});
export type OverlapQuery = z.output<typeof overlapQuery>;

export const overlapResponse = z
  .strictObject({
    campaignId: uuid(),
    partnerId: uuid(),
    customers: figureResponse([]),
    campaigns: z.array(
      z.strictObject({
        campaignId: uuid(),
        name: z.string(),
        figures: figuresResponse(OVERLAP_FIGURES, OVERLAP_REASONS),
      }),
    ),
  })
  .meta({ id: 'CustomerOverlap' });
