import { z } from 'zod';
import type { Page } from '../platform/http/page.js';
import { instantResponse, pageResponse } from '../platform/http/schemas.js';
import type { ListedPlacement } from './placement.repository.js';

const placementResponse = z
  .object({
    id: z.uuid(),
    channelId: z.uuid().nullable().meta({ description: 'A channel of the issuer; null: not tied to one' }),
    label: z.string(),
    createdAt: instantResponse(),
  })
  .meta({ id: 'Placement' });

export const placementPage = pageResponse(placementResponse).meta({ id: 'PlacementPage' });
export type PlacementPage = z.output<typeof placementPage>;

export function toPlacementPage(page: Page<ListedPlacement>): PlacementPage {
  const toItem = ({ createdAt, ...placement }: ListedPlacement) => ({
    ...placement,
    createdAt: createdAt.toISOString(),
  });
  return { ...page, items: page.items.map(toItem) };
}
