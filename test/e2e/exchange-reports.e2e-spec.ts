import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { overlapResponse } from '../../src/overlap/overlap.dto.js';
import { reciprocityResponse } from '../../src/reciprocity/reciprocity.dto.js';
import { staffResponse } from '../../src/staff/staff.dto.js';
import { targetsResponse } from '../../src/targets/targets.dto.js';
import { attributed } from '../support/attributed.js';
import {
  approveBy,
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  eur,
  type TestPartner,
} from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

/*
 * Café and gym send each other guests, the café with two offers. At the gym: Ann takes both of the café's codes on one receipt
 * of Zoe, Bo one of Max, and one of a customer nobody knows; Bo tries a code again on a receipt that has it. At the café: one of
 * Zoe, who is another person there.
 */
describe('what partners give each other', () => {
  let app: TestApp;
  let cafe: TestPartner;
  let gym: TestPartner;
  let campaignId: string;
  let otherId: string;

  beforeAll(async () => {
    app = await testApp();
    cafe = await buildPartner(app.operator, { name: 'Café' });
    gym = await buildPartner(app.operator, { name: 'Gym' });
    const reward = { kind: 'percent', value: '10' };
    const leg = (issuer: TestPartner, redeemer: TestPartner, more = {}) => ({
      ...{ issuerPartnerId: issuer.id, redeemerPartnerId: redeemer.id, reward },
      ...more,
    });
    const offers = [leg(cafe, gym), leg(cafe, gym), leg(gym, cafe)];
    const fields = { offers, reciprocityTolerance: '50', targets: [{ metric: 'newCustomers', value: '10' }] };
    const campaign = await buildCampaign(app.operator, { issuer: cafe, redeemer: gym, fields });
    campaignId = campaign.id;
    const [first = '', second = '', back = ''] = campaign.offerIds;
    await buildCodeWord(cafe, first, 'CAFE10');
    await buildCodeWord(cafe, second, 'COFFEE');
    await buildCodeWord(gym, back, 'GYM10');
    const other = await buildCampaign(app.operator, {
      issuer: cafe,
      redeemer: gym,
      fields: { name: 'Other' },
    });
    otherId = other.id;
    await buildCodeWord(cafe, other.offerIds[0] ?? '', 'OTHER');

    const shared = { number: 'R1', subtotal: eur('100.00') };
    await redeem(gym, 'CAFE10', { clerk: 'Ann', customer: { reference: 'zoe' }, receipt: shared });
    await redeem(gym, 'COFFEE', { clerk: 'Ann', customer: { reference: 'zoe' }, receipt: shared });
    await redeem(gym, 'CAFE10', { clerk: 'Bo', customer: { reference: 'max' } });
    await redeem(gym, 'CAFE10');
    await redeem(gym, 'CAFE10', { clerk: 'Bo', receipt: shared }, 'refused');
    await redeem(cafe, 'GYM10', { customer: { reference: 'zoe' } });
    await redeem(gym, 'OTHER', { customer: { reference: 'max' } });
    await attributed(app.databaseUrl);
  });

  afterAll(() => app?.stop());

  const redeem = async (at: TestPartner, code: string, fields = {}, status = 'accepted'): Promise<void> => {
    const answer = await at.pos.must(201, at.pos.post('/v1/redemptions', buildRedemption(at, code, fields)));
    expect(answer).toMatchObject({ status });
  };

  it('is balanced between each two of them', async () => {
    const { status, body } = await cafe.marketer.get(`/v1/campaigns/${campaignId}/reciprocity`);
    expect(status).toBe(200);
    expect(reciprocityResponse.parse(body)).toEqual(body);
    // receipts: 100.00 - 10.00 - 10.00 with two codes, and twice 50.00 - 5.00
    expect(body).toMatchObject({
      ...{ currency: 'EUR', tolerance: '50' },
      pairs: [
        {
          ...{ issuerPartnerId: cafe.id, redeemerPartnerId: gym.id, label: 'Café to Gym' },
          figures: {
            redemptions: { value: '4' },
            promoReceipts: { value: '3' },
            customers: { value: '2' },
            newCustomers: { value: '2' },
            unknownCustomers: { value: '1' },
            revenue: { value: '170.00' },
            discountGiven: { value: '30.00' },
            borneByIssuer: { value: '0.00' },
            borneByRedeemer: { value: '30.00' },
          },
        },
        { label: 'Gym to Café', figures: { redemptions: { value: '1' }, revenue: { value: '45.00' } } },
      ],
      // 4 - 1 of 5: 60 %; 2 - 1 of 3
      balances: [
        {
          figures: {
            redemptions: { balance: { value: '3' }, imbalance: { value: '60' }, verdict: 'exceeded' },
            customers: { balance: { value: '1' }, imbalance: { value: '33.333333' }, verdict: 'within' },
          },
        },
      ],
    });
    expect((await gym.finance.get(`/v1/campaigns/${campaignId}/reciprocity`)).body).toEqual(body);
  });

  it('agrees with the report of the same campaign', async () => {
    const { body } = await gym.finance.get(`/v1/campaigns/${campaignId}/report?groupBy=partner,offer`);
    const groups = body['groups'] as { label: string; figures: Record<string, { value: string }> }[];
    // the shared receipt stands in both offers of the café: 80.00 + 90.00 and 80.00
    expect(groups.map(({ figures }) => figures['revenue']?.value)).toEqual(['45.00', '170.00', '80.00']);
    expect(groups.map(({ figures }) => figures['acceptedRedemptions']?.value)).toEqual(['1', '3', '1']);
  });

  it('outside of the period is nothing, with reasons', async () => {
    const { body } = await cafe.marketer.get(
      `/v1/campaigns/${campaignId}/reciprocity?from=2020-01-01&to=2020-02-01`,
    );
    expect(body).toMatchObject({
      balances: [{ figures: { revenue: { imbalance: { undefined: 'nothing-exchanged' } } } }],
    });
  });

  it('of the own clerks is told to their partner only', async () => {
    const { status, body } = await gym.marketer.get(`/v1/campaigns/${campaignId}/staff`);
    expect(status).toBe(200);
    expect(staffResponse.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      ...{ partnerId: gym.id, others: { clerks: 0 } },
      figures: { redemptions: { value: '4' }, refusals: { value: '1' }, discountGiven: { value: '30.00' } },
      clerks: [
        { clerk: 'Ann', channelId: gym.channelId, figures: { redemptions: { value: '2' } } },
        { clerk: 'Bo', figures: { redemptions: { value: '1' }, refusals: { value: '1' } } },
        { clerk: null, figures: { redemptions: { value: '1' }, discountGiven: { value: '5.00' } } },
      ],
    });
    const atCafe = await cafe.marketer.get(`/v1/campaigns/${campaignId}/staff`);
    expect(atCafe.body).toMatchObject({
      clerks: [{ clerk: null, figures: { redemptions: { value: '1' } } }],
    });
    expect(atCafe.text).not.toContain('Ann');
    expect((await cafe.admin.get(`/v1/campaigns/${campaignId}/staff?partnerId=${gym.id}`)).status).toBe(404);
    expect((await gym.pos.get(`/v1/campaigns/${campaignId}/staff`)).status).toBe(403);
  });

  it('of clerks and of customers is told to the operator, who has to say whose', async () => {
    for (const name of ['staff', 'overlap']) {
      const path = `/v1/campaigns/${campaignId}/${name}`;
      expect((await app.operator.get(path)).body).toMatchObject({ errors: [{ pointer: '/partnerId' }] });
      const named = await app.operator.get(`${path}?partnerId=${gym.id}`);
      expect(named.body).toEqual((await gym.marketer.get(path)).body);
      const stranger = await buildPartner(app.operator);
      expect((await app.operator.get(`${path}?partnerId=${stranger.id}`)).status).toBe(404);
    }
  });

  it('to the same people shows in the overlap of campaigns', async () => {
    const { status, body } = await gym.marketer.get(`/v1/campaigns/${campaignId}/overlap`);
    expect(status).toBe(200);
    expect(overlapResponse.parse(body)).toEqual(body);
    // Zoe and Max are in this one, Max in the other
    expect(body).toMatchObject({
      customers: { value: '2' },
      campaigns: [
        {
          ...{ campaignId: otherId, name: 'Other' },
          figures: { sharedCustomers: { value: '1' }, share: { value: '0.5' }, shareOfOther: { value: '1' } },
        },
      ],
    });
    expect((await cafe.marketer.get(`/v1/campaigns/${otherId}/overlap`)).body).toMatchObject({
      ...{ customers: { value: '0' }, campaigns: [{ figures: { share: { undefined: 'no-customers' } } }] },
    });
  });

  it('is set against the targets they agreed on', async () => {
    const { status, body } = await cafe.finance.get(`/v1/campaigns/${campaignId}/targets`);
    expect(status).toBe(200);
    expect(targetsResponse.parse(body)).toEqual(body);
    // Zoe and Max at the gym, and Zoe at the café, who is another person there; all of them today, which is not over
    expect(body).toMatchObject({
      elapsed: { unit: 'ratio', parts: { days: '41' } },
      targets: [
        {
          metric: 'newCustomers',
          figures: {
            target: { value: '10' },
            actual: { value: '3' },
            progress: { value: '0.3' },
            forecast: { undefined: 'nothing-yet' },
          },
        },
      ],
    });
  });

  it.each(['reciprocity', 'staff'])('a faulty period is refused by %s', async (name) => {
    const path = `/v1/campaigns/${campaignId}/${name}`;
    for (const query of ['from=2026-06-02&to=2026-06-02', 'to=2026-06-31', 'groupBy=day'])
      expect([query, (await gym.marketer.get(`${path}?${query}`)).status]).toEqual([query, 400]);
  });

  it('is agreed in the terms, and changing it needs a new approval', async () => {
    const lead = app.operator;
    const { body, headers } = await lead.get(`/v1/campaigns/${otherId}`);
    expect(body).toMatchObject({ reciprocityTolerance: null, targets: [], termsVersion: 1 });
    const changes = {
      reciprocityTolerance: '12.5',
      targets: [{ metric: 'revenue', value: '1000', partnerId: gym.id }],
    };
    const etag = { 'if-match': headers.get('etag') ?? '' };
    const changed = await lead.send('PATCH', `/v1/campaigns/${otherId}`, changes, etag);
    expect(changed.body).toMatchObject({ ...changes, termsVersion: 2, pendingVersion: 2 });
    const report = () => gym.marketer.get(`/v1/campaigns/${otherId}/reciprocity`);
    expect((await report()).body).toMatchObject({ tolerance: null });
    await approveBy(cafe, otherId);
    await approveBy(gym, otherId);
    expect((await report()).body).toMatchObject({ tolerance: '12.5' });
    const unknown = { targets: [{ metric: 'revenue', value: '1', partnerId: campaignId }] };
    const approved = await lead.get(`/v1/campaigns/${otherId}`);
    const next = { 'if-match': approved.headers.get('etag') ?? '' };
    expect((await lead.send('PATCH', `/v1/campaigns/${otherId}`, unknown, next)).body).toMatchObject({
      ...{ code: 'participant.missing', errors: [{ pointer: '/targets/0/partnerId' }] },
    });
  });
});
