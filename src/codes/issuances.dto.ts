import { z } from 'zod';
import { type RewardJson, toMoneyJson, toRewardJson } from '../campaigns/domain/reward-json.js';
import { localDate } from '../kernel/period.js';
import type { Page } from '../platform/http/page.js';
import {
  customerDetails,
  instantResponse,
  money,
  moneyResponse,
  pageResponse,
  text,
  uuid,
} from '../platform/http/schemas.js';
import type { Issuance } from './issuance.repository.js';

export const issuanceRequest = z
  .strictObject({
    externalId: text(100).describe(
      "The till's own id of this request: the same id never gives a second coupon",
    ),
    channelId: uuid().describe('The channel of the issuer at which the customer is'),
    receipt: z
      .strictObject({ number: text(100), total: money().describe('What was charged') })
      .optional()
      .describe('The receipt that earns the coupon; each earns one of an offer'),
    customer: customerDetails().optional(),
  })
  .meta({ id: 'IssuanceRequest' });
export type IssuanceRequestBody = z.output<typeof issuanceRequest>;

const issued = {
  id: z.uuid(),
  externalId: z.string(),
  code: z.string().describe('As it is printed, with its separators'),
  expiresAt: instantResponse().describe('The first instant at which it is no longer taken'),
  expiresOn: z.iso
    .date()
    .describe("The last day on which it is taken, in the campaign's time zone; print this one"),
  reward: z.custom<RewardJson>().meta({ $ref: '#/components/schemas/Reward' }),
  offerId: z.uuid(),
  campaignId: z.uuid(),
  channelId: z.uuid(),
  placementId: z.uuid(),
  issuedAt: instantResponse(),
};

export const issuanceResponse = z.object(issued).meta({ id: 'Issuance' });
export type IssuanceResponse = z.output<typeof issuanceResponse>;

const recordedIssuance = z
  .object({
    ...issued,
    receipt: z.object({ number: z.string(), total: moneyResponse() }).nullable(),
  })
  .meta({ id: 'RecordedIssuance' });

export const issuancePage = pageResponse(recordedIssuance).meta({ id: 'IssuancePage' });
export type IssuancePage = z.output<typeof issuancePage>;

export function toIssuanceResponse(issuance: Issuance): IssuanceResponse {
  const { id, externalId, code, offerId, campaignId, channelId, placementId } = issuance;
  const { reward, issuedAt, expiresAt, timeZone } = issuance;
  return {
    ...{ id, externalId, code },
    expiresAt: expiresAt.toISOString(),
    expiresOn: localDate(expiresAt.getTime() - 1, timeZone),
    reward: toRewardJson(reward),
    ...{ offerId, campaignId, channelId, placementId },
    issuedAt: issuedAt.toISOString(),
  };
}

export function toIssuancePage(page: Page<Issuance>): IssuancePage {
  return { ...page, items: page.items.map(toRecordedIssuance) };
}

function toRecordedIssuance(issuance: Issuance): IssuancePage['items'][number] {
  const { receipt } = issuance;
  return {
    ...toIssuanceResponse(issuance),
    receipt: receipt && { number: receipt.number, total: toMoneyJson(receipt.total) },
  };
}
