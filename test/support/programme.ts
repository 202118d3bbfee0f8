import type { Api } from './api.js';

/** One partner with a channel and a key for each role. */
export interface TestPartner {
  readonly id: string;
  readonly channelId: string;
  readonly admin: Api;
  readonly marketer: Api;
  readonly finance: Api;
  readonly pos: Api;
}

export interface TestCampaign {
  readonly id: string;
  readonly offerIds: readonly string[];
}

type Fields = Record<string, unknown>;

let counter = 0;

/** Adds a partner through the API, with one till and a key per role. */
export async function buildPartner(
  operator: Api,
  fields: Fields = {},
  channel: Fields = {},
): Promise<TestPartner> {
  counter += 1;
  const partner = await operator.must(
    201,
    operator.post('/v1/partners', {
      name: `Partner ${counter}`,
      country: 'DE',
      currency: 'EUR',
      timeZone: 'Europe/Berlin',
      ...fields,
    }),
  );
  const till = await operator.must(
    201,
    operator.post(`/v1/partners/${partner.id}/channels`, { kind: 'pos', name: 'Till 1', ...channel }),
  );
  const key = async (role: string): Promise<Api> => {
    const made = await operator.must(
      201,
      operator.post(`/v1/partners/${partner.id}/api-keys`, { role, label: `${role} key` }),
    );
    return operator.as(made.key!);
  };
  const [admin, marketer, finance, pos] = await Promise.all(['admin', 'marketer', 'finance', 'pos'].map(key));
  return {
    id: partner.id!,
    channelId: till.id!,
    admin: admin!,
    marketer: marketer!,
    finance: finance!,
    pos: pos!,
  };
}

/** A date some days from today, in UTC. */
export function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * A campaign in which `issuer` hands out codes that `redeemer` takes at 10 %, running now and approved by both unless
 * `approve` is false.
 */
export async function buildCampaign(
  operator: Api,
  {
    issuer,
    redeemer,
    offer = {},
    fields = {},
    approve = true,
  }: { issuer: TestPartner; redeemer: TestPartner; offer?: Fields; fields?: Fields; approve?: boolean },
): Promise<TestCampaign> {
  const partners = issuer.id === redeemer.id ? [issuer] : [issuer, redeemer];
  const campaign = await operator.must<{ id: string; offers: { id: string }[] }>(
    201,
    operator.post('/v1/campaigns', {
      name: 'Summer',
      kind: 'tactical',
      currency: 'EUR',
      timeZone: 'Europe/Berlin',
      startsOn: daysFromNow(-20),
      endsOn: daysFromNow(20),
      participants: partners.map((partner) => ({ partnerId: partner.id, role: 'equal' })),
      offers: [
        {
          issuerPartnerId: issuer.id,
          redeemerPartnerId: redeemer.id,
          reward: { kind: 'percent', value: '10' },
          ...offer,
        },
      ],
      ...fields,
    }),
  );
  if (approve) for (const partner of partners) await approveBy(partner, campaign.id);
  return { id: campaign.id, offerIds: campaign.offers.map((one) => one.id) };
}

export async function approveBy(partner: TestPartner, campaignId: string): Promise<void> {
  const { status, text } = await partner.marketer.post(`/v1/campaigns/${campaignId}/approvals`, {});
  if (status !== 200 && status !== 201) throw new Error(`approval failed: ${text}`);
}

export async function buildCodeWord(
  issuer: TestPartner,
  offerId: string,
  word: string,
  fields: Fields = {},
): Promise<string> {
  const made = await issuer.marketer.must(
    201,
    issuer.marketer.post(`/v1/offers/${offerId}/code-words`, { word, ...fields }),
  );
  return made.id!;
}

/** A redemption post with a fresh externalId and receipt number. */
export function buildRedemption(redeemer: TestPartner, code: string, fields: Fields = {}): Fields {
  counter += 1;
  return {
    externalId: `r-${counter}`,
    code,
    channelId: redeemer.channelId,
    occurredAt: new Date().toISOString(),
    receipt: { number: `n-${counter}`, subtotal: { amount: '50.00', currency: 'EUR' } },
    ...fields,
  };
}

export const eur = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'EUR' });
