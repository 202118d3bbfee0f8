import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  approveBy,
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  daysFromNow,
  eur,
  type TestPartner,
} from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Decision {
  id: string;
  externalId: string;
  status: string;
  reason?: string;
  discount: { amount: string } | null;
}

let app: TestApp;
let gym: TestPartner;
let cafe: TestPartner;
let made = 0;

beforeAll(async () => {
  app = await testApp();
  gym = await buildPartner(app.operator);
  cafe = await buildPartner(app.operator);
});

afterAll(() => app?.stop());

/** Two offers, one each way: 5.00 off. The words are of the café and of the gym. */
async function twoWay(budget: object | null, fields: object = {}) {
  const offer = (issuer: TestPartner, redeemer: TestPartner) => ({
    ...{ issuerPartnerId: issuer.id, redeemerPartnerId: redeemer.id },
    reward: { kind: 'amount', value: eur('5.00') },
  });
  const campaign = await buildCampaign(app.operator, {
    ...{ issuer: gym, redeemer: cafe },
    fields: { offers: [offer(gym, cafe), offer(cafe, gym)], budget, ...fields },
  });
  made += 1;
  const words = [`CAFE ${made}`, `GYM ${made}`] as const;
  await buildCodeWord(gym, campaign.offerIds[0]!, words[0]);
  await buildCodeWord(cafe, campaign.offerIds[1]!, words[1]);
  return { ...campaign, atCafe: words[0], atGym: words[1] };
}

const post = async (till: TestPartner, code: string, fields: object = {}) =>
  till.pos.must<Decision>(201, till.pos.post('/v1/redemptions', buildRedemption(till, code, { ...fields })));
const sell = async (till: TestPartner, code: string, fields: object = {}) => {
  const { reason, status } = await post(till, code, fields);
  return reason ?? status;
};
const reverse = (till: TestPartner, decision: Decision, fields: object = {}) =>
  till.pos.must(
    201,
    till.pos.post('/v1/reversals', {
      ...{ externalId: `back-${(made += 1)}`, redemptionExternalId: decision.externalId },
      ...{ reason: 'return', occurredAt: new Date().toISOString(), ...fields },
    }),
  );

describe('a budget', () => {
  it('of the campaign is spent by both partners together, and never passed', async () => {
    const { atCafe, atGym } = await twoWay({ total: { amount: eur('22.00') } });
    const tills = Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? [cafe, atCafe] : [gym, atGym]));
    const outcomes = await Promise.all(
      tills.map(([till, word]) => sell(till as TestPartner, word as string)),
    );
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(4);
    expect(new Set(outcomes)).toEqual(new Set(['accepted', 'budget.exhausted']));
    // Two euros are left: what the till took off decides, not what it might have.
    expect(await sell(gym, atGym, { discount: eur('2.00') })).toBe('accepted');
    expect(await sell(gym, atGym, { discount: eur('0.01') })).toBe('budget.exhausted');
  });

  it('of an offer, a channel or a day caps each of them alone', async () => {
    const perOffer = await twoWay({ perOffer: { redemptions: 1 } });
    expect(await sell(cafe, perOffer.atCafe)).toBe('accepted');
    expect(await sell(cafe, perOffer.atCafe)).toBe('budget.exhausted');
    expect(await sell(gym, perOffer.atGym)).toBe('accepted');

    const second = await app.operator.must(
      201,
      app.operator.post(`/v1/partners/${cafe.id}/channels`, { kind: 'pos', name: 'Till 2' }),
    );
    const perChannel = await twoWay({ perChannel: { amount: eur('9.99') } });
    expect(await sell(cafe, perChannel.atCafe)).toBe('accepted');
    expect(await sell(cafe, perChannel.atCafe)).toBe('budget.exhausted');
    expect(await sell(cafe, perChannel.atCafe, { channelId: second['id'] })).toBe('accepted');

    const perDay = await twoWay({ perDay: { redemptions: 1 } });
    const yesterday = { offline: true, occurredAt: new Date(Date.now() - 86_400_000).toISOString() };
    expect(await sell(cafe, perDay.atCafe)).toBe('accepted');
    expect(await sell(gym, perDay.atGym)).toBe('budget.exhausted');
    expect(await sell(gym, perDay.atGym, yesterday)).toBe('accepted');
  });

  it('gets back what a reversal undoes, part by part', async () => {
    const { atCafe } = await twoWay({ total: { amount: eur('5.00') } });
    const first = await post(cafe, atCafe);
    expect(await sell(cafe, atCafe, { discount: eur('2.00') })).toBe('budget.exhausted');
    await reverse(cafe, first, { amount: eur('18.00') });
    expect(await sell(cafe, atCafe, { discount: eur('2.01') })).toBe('budget.exhausted');
    expect(await sell(cafe, atCafe, { discount: eur('2.00') })).toBe('accepted');
    await reverse(cafe, first);
    expect(await sell(cafe, atCafe, { discount: eur('3.00') })).toBe('accepted');
    expect(await sell(cafe, atCafe, { discount: eur('0.01') })).toBe('budget.exhausted');
  });

  it('gets nothing back where no use comes back', async () => {
    const { atCafe } = await twoWay(
      { total: { redemptions: 1, amount: eur('5.00') } },
      { reversalPolicy: { returnUse: 'never' } },
    );
    await reverse(cafe, await post(cafe, atCafe));
    expect(await sell(cafe, atCafe)).toBe('budget.exhausted');
  });

  it('is held by a reservation', async () => {
    const { atCafe, atGym } = await twoWay({ total: { amount: eur('5.00') } });
    const receipt = { number: 'held', subtotal: eur('50.00') };
    const body = { code: atCafe, channelId: cafe.channelId, receipt };
    const { id } = await cafe.pos.must<{ id: string }>(201, cafe.pos.post('/v1/reservations', body));
    expect(await sell(gym, atGym)).toBe('budget.exhausted');
    expect(await sell(cafe, atCafe, { reservationId: id })).toBe('accepted');
  });

  it('that is agreed later counts what was given before it', async () => {
    const { id, atCafe, atGym } = await twoWay(null);
    for (let sale = 0; sale < 3; sale += 1) expect(await sell(cafe, atCafe)).toBe('accepted');
    const { headers } = await gym.marketer.get(`/v1/campaigns/${id}`);
    const budget = { total: { amount: eur('20.00') } };
    const changed = await app.operator.patch(
      `/v1/campaigns/${id}`,
      { budget },
      { 'if-match': headers.get('etag')! },
    );
    expect(changed.body).toMatchObject({ budget: { total: { amount: eur('20.00') } } });
    for (const partner of [gym, cafe]) await approveBy(partner, id);
    expect(await sell(gym, atGym)).toBe('accepted');
    expect(await sell(gym, atGym)).toBe('budget.exhausted');
  });

  it('is overridden for what an offline till already gave, where the campaign honours that, and not spent by it', async () => {
    const { atCafe } = await twoWay(
      { total: { redemptions: 1 } },
      { offlinePolicy: { mode: 'honour', maxDelayHours: 5 } },
    );
    const offline = { offline: true };
    expect(await post(cafe, atCafe, offline)).not.toHaveProperty('honouredOverLimit');
    expect(await post(cafe, atCafe, offline)).toMatchObject({ status: 'accepted', honouredOverLimit: true });
    expect(await sell(cafe, atCafe)).toBe('budget.exhausted');
  });

  it.each([
    [{ total: { amount: { amount: '5.00', currency: 'USD' } } }, 422, '/budget/total/amount/currency'],
    [{ total: {} }, 400, '/budget/total'],
    [{}, 400, '/budget'],
    [{ total: { amount: eur('0.00') } }, 400, '/budget/total/amount'],
    [{ perYear: { redemptions: 1 } }, 400, '/budget'],
  ])('%j is refused and points at the fault', async (budget, status, pointer) => {
    const answer = await app.operator.post<{ errors: { pointer: string }[] }>('/v1/campaigns', {
      ...{ name: 'Faulty', kind: 'tactical', currency: 'EUR', timeZone: 'UTC' },
      ...{ startsOn: daysFromNow(0), endsOn: daysFromNow(5) },
      participants: [{ partnerId: gym.id, role: 'equal' }],
      offers: [
        {
          ...{ issuerPartnerId: gym.id, redeemerPartnerId: gym.id },
          reward: { kind: 'amount', value: eur('5.00') },
        },
      ],
      budget,
    });
    expect([answer.status, answer.body.errors[0]?.pointer]).toEqual([status, pointer]);
  });

  it('counters are what the facts add up to', async () => {
    const client = new pg.Client(app.databaseUrl);
    await client.connect();
    const { rows } = await client.query(COUNTERS_AND_FACTS);
    await client.end();
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows as Record<string, string>[])
      expect([row['uses'], row['spent']]).toEqual([row['facts'], row['cost']]);
  });
});

const COUNTERS_AND_FACTS = `
  select t.uses::text, t.spent::text, coalesce(f.facts, 0)::text as facts, coalesce(f.cost, 0)::text as cost
    from offer_channel_counters t
    left join (
      select r.offer_id, r.channel_id, count(*) - count(*) filter (where a.returned) as facts,
             sum(r.discount + r.gift_cost - coalesce(a.cost, 0)) as cost
        from redemptions r
        left join (select redemption_id, bool_or(use_returned) as returned, sum(cost_returned) as cost
                     from reversal_applications group by redemption_id) a on a.redemption_id = r.id
       where r.status = 'accepted' and not r.honoured_over_limit
       group by r.offer_id, r.channel_id) f on f.offer_id = t.offer_id and f.channel_id = t.channel_id`;
