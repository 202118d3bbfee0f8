import { z } from 'zod';
import type { Page } from '../platform/http/page.js';
import { instantResponse, pageResponse, text } from '../platform/http/schemas.js';
import type { PlacementLink } from './link.repository.js';

export const linkRequest = z
  .strictObject({
    targetUrl: z
      .string()
      .max(2_000)
      .meta({
        description: 'Where customers are sent, with tandem_click=<id> in the query. http or https',
        examples: ['https://shop.example/promo'],
      }),
    label: text(200).nullable().default(null),
  })
  .meta({ id: 'NewLink' });
export type LinkRequestBody = z.output<typeof linkRequest>;

export const linkResponse = z
  .object({
    id: z.uuid(),
    placementId: z.uuid(),
    token: z.string(),
    url: z.string().meta({ description: 'What customers follow; needs no key' }),
    qr: z.string().meta({ description: 'Path of a QR code of the url, as SVG' }),
    targetUrl: z.string(),
    label: z.string().nullable(),
    createdAt: instantResponse(),
  })
  .meta({ id: 'Link' });
export type LinkResponse = z.output<typeof linkResponse>;

export const linkPage = pageResponse(linkResponse).meta({ id: 'LinkPage' });
export type LinkPage = z.output<typeof linkPage>;

/** `origin` is where customers reach this service, without a slash at the end. */
export function toLinkUrl({ token }: Pick<PlacementLink, 'token'>, origin: string): string {
  return `${origin}/t/${token}`;
}

export function toLinkResponse(link: PlacementLink, origin: string): LinkResponse {
  const { id, placementId, token, targetUrl, label } = link;
  return {
    ...{ id, placementId, token, url: toLinkUrl(link, origin), qr: `/v1/links/${id}/qr.svg` },
    ...{ targetUrl, label, createdAt: link.createdAt.toISOString() },
  };
}

export function toLinkPage(page: Page<PlacementLink>, origin: string): LinkPage {
  return { ...page, items: page.items.map((link) => toLinkResponse(link, origin)) };
}
