import { ApiClient } from '../../src/demo/api-client.js';

export interface BenchProgramme {
  readonly posKey: string;
  /** A redemption post as JSON, with this external id and receipt number; `turn` says whose code it is. */
  body(id: string, turn?: number): string;
}

/** Posts one code word; with coupons of the campaign's second offer instead once they are made, for which a worker has to run. */
export interface WordProgramme extends BenchProgramme {
  readonly campaignId: string;
  coupons(quantity: number): Promise<BenchProgramme>;
}

/** PostgreSQL's largest integer, nearly. */
const NEVER_REACHED = 2_000_000_000;

interface Created {
  readonly id: string;
}

/**
 * Two partners and a running campaign with two offers: one code word, and coupons that may be used often. Limits in all and per day are
 * never reached, but looked at.
 */
export async function setUpProgramme(url: string, operatorKey: string): Promise<WordProgramme> {
  const operator = new ApiClient(url, operatorKey);
  const partner = (name: string) =>
    operator.post<Created>('/v1/partners', {
      name,
      country: 'DE',
      currency: 'EUR',
      timeZone: 'Europe/Berlin',
    });
  const [issuer, redeemer] = [await partner('Issuer'), await partner('Redeemer')];
  const till = await operator.post<Created>(`/v1/partners/${redeemer.id}/channels`, {
    kind: 'pos',
    name: 'Till',
  });
  const { key } = await operator.post<{ key: string }>(`/v1/partners/${redeemer.id}/api-keys`, {
    role: 'pos',
    label: 'bench',
  });
  const today = new Date();
  const day = (offset: number): string =>
    new Date(today.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
  const campaign = await operator.post<{ id: string; offers: Created[] }>('/v1/campaigns', {
    name: 'Bench',
    kind: 'tactical',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    startsOn: day(-7),
    endsOn: day(30),
    participants: [issuer, redeemer].map(({ id }) => ({ partnerId: id, role: 'equal' })),
    offers: ['word', 'coupons'].map(() => ({
      issuerPartnerId: issuer.id,
      redeemerPartnerId: redeemer.id,
      reward: { kind: 'percent', value: '10' },
      totalLimit: NEVER_REACHED,
      dailyLimit: NEVER_REACHED,
      perCodeLimit: NEVER_REACHED,
    })),
  });
  for (const { id } of [issuer, redeemer])
    await operator.post(`/v1/campaigns/${campaign.id}/approvals`, { partnerId: id });
  const [wordOffer, couponOffer] = campaign.offers;
  await operator.post(`/v1/offers/${wordOffer!.id}/code-words`, { word: 'HOTTEST' });
  const occurredAt = today.toISOString();
  const programme = (codeOf: (turn: number) => string): BenchProgramme => ({
    posKey: key,
    body: (id, turn = 0) =>
      JSON.stringify({
        externalId: id,
        code: codeOf(turn),
        channelId: till.id,
        occurredAt,
        receipt: { number: id, subtotal: { amount: '50.00', currency: 'EUR' } },
      }),
  });
  return {
    ...programme(() => 'HOTTEST'),
    campaignId: campaign.id,
    coupons: async (quantity) => {
      const coupons = await makeCoupons(operator, couponOffer!.id, quantity);
      return programme((turn) => coupons[turn % coupons.length]!);
    },
  };
}

/** Ordered like anybody's, in shuffled order: a till does not see them sorted. */
async function makeCoupons(operator: ApiClient, offerId: string, quantity: number): Promise<string[]> {
  const batch = await operator.post<Created>(`/v1/offers/${offerId}/coupon-batches`, { quantity });
  const isDone = async () =>
    (await operator.get<{ status: string }>(`/v1/coupon-batches/${batch.id}`)).status === 'done';
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 100));
  const csv = await operator.text(`/v1/coupon-batches/${batch.id}/coupons.csv`);
  const codes = csv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(',')[0]!);
  return codes.sort((a, b) => (a.slice(-4) < b.slice(-4) ? -1 : 1));
}
