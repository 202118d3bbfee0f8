import { z } from 'zod';
import { TARGET_METRICS } from '../campaigns/domain/target.js';
import { currency, figureResponse, figuresResponse, uuid } from '../platform/http/schemas.js';
import { UNDEFINED_REASONS } from '../reports/domain/undefined-reason.js';
import { FORECAST_REASONS } from './domain/forecast-total.js';
import { TARGET_FIGURES } from './domain/track-targets.js';

export const targetsResponse = z
  .strictObject({
    campaignId: uuid(),
    from: z.iso.date(),
    to: z.iso.date(),
    asOf: z.iso.date().meta({ description: 'Today in the zone of the campaign' }),
    currency: currency(),
    elapsed: figureResponse([]).meta({ description: 'The share of the days that are over' }),
    targets: z.array(
      z.strictObject({
        metric: z.enum(TARGET_METRICS),
        partnerId: uuid().optional(),
        figures: figuresResponse(TARGET_FIGURES, [...UNDEFINED_REASONS, ...FORECAST_REASONS]),
      }),
    ),
  })
  .meta({ id: 'TargetProgress' });
