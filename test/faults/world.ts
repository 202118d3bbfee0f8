import type { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import {
  approveBy,
  buildCampaign,
  buildCodeWord,
  buildPartner,
  eur,
  type TestPartner,
} from '../support/programme.js';

/** A campaign with everything a decision can depend on: two redeemers, code words with and without limits, coupons. */
export interface World {
  readonly operator: Api;
  readonly issuer: TestPartner;
  readonly redeemer: TestPartner;
  readonly neighbour: TestPartner;
  readonly campaignId: string;
  /** Offers at the redeemer: without limits, and with a limit in all, per day and per customer. */
  readonly offers: { readonly open: string; readonly limited: string };
  readonly coupons: readonly string[];
}

export interface WorldLimits {
  /** Of the code word FEW. */
  readonly few: number;
  /** Of the offer behind LIMITED: in all, on one day, per customer. */
  readonly total: number;
  readonly daily: number;
  readonly perCustomer: number;
  readonly coupons: number;
}

/** Small against what a load posts, so that every one of them is reached. */
const LIMITS: WorldLimits = { few: 150, total: 400, daily: 300, perCustomer: 3, coupons: 100 };

/** Builds it through the API; coupons need a worker. */
export async function buildWorld(operator: Api, overrides: Partial<WorldLimits> = {}): Promise<World> {
  const limits = { ...LIMITS, ...overrides };
  const [issuer, redeemer, neighbour] = [
    await buildPartner(operator),
    await buildPartner(operator),
    await buildPartner(operator),
  ];
  const at = (partner: TestPartner, reward: object, conditions: object = {}): object => ({
    issuerPartnerId: issuer.id,
    redeemerPartnerId: partner.id,
    reward,
    ...conditions,
  });
  const conditions = {
    totalLimit: limits.total,
    dailyLimit: limits.daily,
    perCustomerLimit: limits.perCustomer,
  };
  const offers = [
    at(redeemer, { kind: 'percent', value: '10' }),
    at(redeemer, { kind: 'amount', value: eur('5.00') }, conditions),
    at(neighbour, { kind: 'percent', value: '15' }),
  ];
  const participants = [issuer, redeemer, neighbour].map(({ id }) => ({ partnerId: id, role: 'equal' }));
  const campaign = await buildCampaign(operator, {
    ...{ issuer, redeemer, approve: false },
    // A zone in which a clock that is two hours ahead is a day ahead.
    fields: { participants, offers, timeZone: zoneBeforeMidnight() },
  });
  for (const partner of [issuer, redeemer, neighbour]) await approveBy(partner, campaign.id);
  const [open = '', limited = '', next = ''] = campaign.offerIds;
  await buildCodeWord(issuer, open, 'OPEN');
  await buildCodeWord(issuer, open, 'FEW', { maxRedemptions: limits.few });
  await buildCodeWord(issuer, limited, 'LIMITED');
  await buildCodeWord(issuer, next, 'NEXT DOOR');
  const coupons = limits.coupons === 0 ? [] : await buildCoupons(issuer, open, limits.coupons);
  return {
    ...{ operator, issuer, redeemer, neighbour, campaignId: campaign.id },
    ...{ offers: { open, limited }, coupons },
  };
}

/** A zone where it is between 22:00 and 23:00 now. */
function zoneBeforeMidnight(): string {
  const ahead = (22 - new Date().getUTCHours() + 24) % 24;
  // The names count westward: Etc/GMT-3 is three hours ahead of Greenwich.
  return ahead <= 12 ? `Etc/GMT-${ahead}` : `Etc/GMT+${24 - ahead}`;
}

async function buildCoupons(issuer: TestPartner, offerId: string, quantity: number): Promise<string[]> {
  const { marketer } = issuer;
  const batch = await marketer.must(202, marketer.post(`/v1/offers/${offerId}/coupon-batches`, { quantity }));
  await eventually(async () => {
    const { body } = await marketer.get<{ status: string }>(`/v1/coupon-batches/${batch.id}`);
    return body.status === 'done';
  }, 60_000);
  const { text } = await marketer.get(`/v1/coupon-batches/${batch.id}/coupons.csv`);
  return text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(',')[0] ?? '');
}
