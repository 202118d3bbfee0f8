import { ApiClient } from '../../src/demo/api-client.js';

export interface BenchProgramme {
  readonly posKey: string;
  /** A redemption post as JSON, with this external id and receipt number. */
  body(id: string): string;
}

interface Created {
  readonly id: string;
}

/** Two partners, a running campaign with limits in all and per day that are never reached, and one code word. */
export async function setUpProgramme(url: string, operatorKey: string): Promise<BenchProgramme> {
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
    offers: [
      {
        issuerPartnerId: issuer.id,
        redeemerPartnerId: redeemer.id,
        reward: { kind: 'percent', value: '10' },
        totalLimit: 2_000_000_000,
        dailyLimit: 2_000_000_000,
      },
    ],
  });
  for (const { id } of [issuer, redeemer])
    await operator.post(`/v1/campaigns/${campaign.id}/approvals`, { partnerId: id });
  await operator.post(`/v1/offers/${campaign.offers[0]!.id}/code-words`, { word: 'HOTTEST' });
  const occurredAt = today.toISOString();
  return {
    posKey: key,
    body: (id) =>
      JSON.stringify({
        externalId: id,
        code: 'HOTTEST',
        channelId: till.id,
        occurredAt,
        receipt: { number: id, subtotal: { amount: '50.00', currency: 'EUR' } },
      }),
  };
}
