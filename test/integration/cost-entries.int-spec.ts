import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CostEntryProposal } from '../../src/campaigns/cost-entries.service.js';
import type { Campaign } from '../../src/campaigns/domain/campaign.js';
import type { OperatorPrincipal, PartnerPrincipal } from '../../src/platform/auth/principal.js';
import { CampaignsProcess } from '../support/campaign-builders.js';
import { testDatabase } from '../support/test-database.js';

const NOT_FOUND = { code: 'not-found', details: { status: 404 } };

let server: Awaited<ReturnType<typeof testDatabase>>;
let tandem: CampaignsProcess;
let operator: OperatorPrincipal;
let cafe: PartnerPrincipal;
let gym: PartnerPrincipal;
let stranger: PartnerPrincipal;
let campaign: Campaign;

beforeAll(async () => {
  server = await testDatabase();
  tandem = await CampaignsProcess.start(server.url);
  operator = await tandem.buildOperator();
  cafe = await tandem.buildMarketer();
  gym = await tandem.buildMarketer();
  stranger = await tandem.buildMarketer();
  campaign = await tandem.buildApproved([cafe, gym]);
});

afterAll(async () => {
  await tandem.stop();
  await server.drop();
});

/** 10.00 EUR of flyers that the café paid. */
function flyers(overrides: Partial<CostEntryProposal> = {}): CostEntryProposal {
  return {
    category: 'flyers',
    payerPartnerId: cafe.partnerId,
    amount: { minor: 1000n, currency: 'EUR' },
    incurredOn: '2026-06-01',
    planned: false,
    note: null,
    ...overrides,
  };
}
const eur = (minor: bigint) => ({ minor, currency: 'EUR' });

const costOf = (id: string) =>
  tandem.database.read((tx) => tandem.readModel.cost(tx, id, '2026-06-01', '2026-07-01'));

describe('a cost entry', () => {
  it('is recorded by any participant for any payer of the campaign, and read back as it was recorded', async () => {
    const { id } = await tandem.buildDraft([cafe, gym]);
    const mine = await tandem.costs.record(gym, id, flyers({ note: 'A5, 2,000 pieces' }));
    const planned = await tandem.costs.record(operator, id, flyers({ planned: true, amount: eur(0n) }));
    const page = await tandem.costs.list(cafe, id, { limit: 50, after: null });
    expect(page).toEqual({ items: [mine, planned], nextCursor: null });
    expect(mine).toMatchObject(flyers({ note: 'A5, 2,000 pieces' }));
  });

  it('is listed page by page', async () => {
    const { id } = await tandem.buildDraft([cafe, gym]);
    for (const minor of [1n, 2n, 3n]) await tandem.costs.record(cafe, id, flyers({ amount: eur(minor) }));
    const first = await tandem.costs.list(cafe, id, { limit: 2, after: null });
    const second = await tandem.costs.list(cafe, id, { limit: 2, after: first.items[1]?.id ?? null });
    expect([...first.items, ...second.items].map(({ amount }) => amount.minor)).toEqual([1n, 2n, 3n]);
    expect([first.nextCursor === null, second.nextCursor]).toEqual([false, null]);
  });

  it('of a campaign of others is neither recorded nor read', async () => {
    await expect(tandem.costs.record(stranger, campaign.id, flyers())).rejects.toMatchObject(NOT_FOUND);
    const list = tandem.costs.list(stranger, campaign.id, { limit: 50, after: null });
    await expect(list).rejects.toMatchObject(NOT_FOUND);
  });

  it('is paid by a participant', async () => {
    const foreign = tandem.costs.record(cafe, campaign.id, flyers({ payerPartnerId: stranger.partnerId }));
    await expect(foreign).rejects.toMatchObject({
      code: 'participant.missing',
      details: { status: 422, errors: [{ pointer: '/payerPartnerId' }] },
    });
  });

  it('keeps the currency it was paid in', async () => {
    const { id } = await tandem.buildDraft([cafe, gym]);
    const dollars = flyers({ amount: { minor: 100n, currency: 'USD' } });
    for (const entry of [dollars, flyers()]) await tandem.costs.record(cafe, id, entry);
    const { items } = await tandem.costs.list(gym, id, { limit: 50, after: null });
    expect(items.map(({ amount }) => amount)).toEqual([{ minor: 100n, currency: 'USD' }, eur(1000n)]);
  });

  it('is still recorded after the end: invoices come late', async () => {
    const { id } = await tandem.buildApproved([cafe, gym]);
    await tandem.lifecycle.end(cafe, id);
    expect((await tandem.costs.record(cafe, id, flyers())).campaignId).toBe(id);
  });

  it('waits for a change of the currency that is under way, and is then one of another currency', async () => {
    const draft = await tandem.buildDraft([cafe, gym]);
    let cost: Promise<unknown> = Promise.resolve();
    await tandem.database.transaction(async () => {
      await tandem.amend(cafe, draft, { currency: 'USD' });
      // Outside this transaction, as another request would be.
      cost = tandem.database.separateTransaction(() => tandem.costs.record(cafe, draft.id, flyers()));
      cost.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    await cost;
    const sums = await costOf(draft.id);
    expect(sums).toMatchObject([{ currency: 'EUR', amount: 0n, unconverted: 1n }]);
  });
});

describe('the cost of a campaign', () => {
  it('adds up actual entries by category, payer and day, from the first day to before the last', async () => {
    const { id } = await tandem.buildDraft([cafe, gym]);
    for (const entry of [
      flyers({ incurredOn: '2026-05-31', amount: eur(1n) }),
      flyers({ amount: eur(10_000n) }),
      flyers({ amount: eur(8000n) }),
      flyers({ planned: true, amount: eur(6000n) }),
      flyers({ category: 'staff', payerPartnerId: gym.partnerId, amount: eur(4500n) }),
      flyers({ incurredOn: '2026-06-30', amount: eur(9_007_199_254_740_993n) }),
      flyers({ incurredOn: '2026-07-01', amount: eur(1n) }),
    ]) {
      await tandem.costs.record(cafe, id, entry);
    }
    const euros = { currency: 'EUR', unconverted: 0n };
    expect(await costOf(id)).toEqual([
      { category: 'flyers', payerPartnerId: cafe.partnerId, day: '2026-06-01', amount: 18_000n, ...euros },
      { category: 'staff', payerPartnerId: gym.partnerId, day: '2026-06-01', amount: 4500n, ...euros },
      {
        category: 'flyers',
        payerPartnerId: cafe.partnerId,
        day: '2026-06-30',
        amount: 9_007_199_254_740_993n,
        ...euros,
      },
    ]);
  });

  it('converts entries of other currencies one by one, and counts those without a rate', async () => {
    // 0.05 USD at 0.9 = 4.5 cents = 4, half-even, twice = 8; together they would be 9. 1.00 GBP has no rate.
    const { id } = await tandem.buildDraft([cafe, gym]);
    await tandem.importRate({ base: 'USD', quote: 'EUR', validFrom: '2026-06-01', rate: '0.9' });
    const dollars = flyers({ amount: { minor: 5n, currency: 'USD' } });
    const pounds = flyers({ amount: { minor: 100n, currency: 'GBP' } });
    for (const entry of [dollars, dollars, pounds]) await tandem.costs.record(cafe, id, entry);
    expect(await costOf(id)).toMatchObject([
      { currency: 'GBP', amount: 0n, unconverted: 1n },
      { currency: 'USD', amount: 8n, unconverted: 0n },
    ]);
  });
});
