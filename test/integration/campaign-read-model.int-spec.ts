import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Campaign } from '../../src/campaigns/domain/campaign.js';
import { ratio } from '../../src/kernel/ratio.js';
import type { OperatorPrincipal, PartnerPrincipal } from '../../src/platform/auth/principal.js';
import { CampaignsProcess, proposeOffer } from '../support/campaign-builders.js';
import { testDatabase } from '../support/test-database.js';

const UNKNOWN = '00000000-0000-7000-8000-000000000000';

let server: Awaited<ReturnType<typeof testDatabase>>;
let tandem: CampaignsProcess;
let operator: OperatorPrincipal;
let cafe: PartnerPrincipal;
let gym: PartnerPrincipal;
let stranger: PartnerPrincipal;

beforeAll(async () => {
  server = await testDatabase();
  tandem = await CampaignsProcess.start(server.url);
  operator = await tandem.buildOperator();
  cafe = await tandem.buildMarketer();
  gym = await tandem.buildMarketer();
  stranger = await tandem.buildMarketer();
});

afterAll(async () => {
  await tandem.stop();
  await server.drop();
});

function offerIds({ agreement }: Campaign): string[] {
  return agreement.offers.map(({ id }) => id);
}
const stateOf = async (id: string) => (await states([id])).get(id);
const states = (ids: string[]) => tandem.database.read((tx) => tandem.readModel.offerStates(tx, ids));

describe('the state of an offer', () => {
  it('has the approved version with everything that was agreed', async () => {
    const campaign = await tandem.buildApproved([cafe, gym], {
      terms: {
        startsOn: '2026-06-01',
        endsOn: '2026-06-30',
        redeemUntil: '2026-07-15',
        reversalPolicy: { returnUse: 'void_only', voidMinutes: 30 },
        offlinePolicy: { mode: 'honour', maxDelayHours: 5, bearer: 'funders' },
      },
      offers: [
        proposeOffer(cafe, gym, {
          reward: { kind: 'percent', value: ratio(25n, 2n) },
          minimumSpend: { minor: 99_999_999_999_999_999n, currency: 'EUR' },
          maximumDiscount: { minor: 2000n, currency: 'EUR' },
          ...{ perCodeLimit: 1, perCustomerLimit: 2, totalLimit: 3, dailyLimit: 4 },
        }),
      ],
    });
    const [id = ''] = offerIds(campaign);
    const state = await stateOf(id);
    expect(state).toEqual({
      offerId: id,
      revision: expect.any(Number),
      campaignId: campaign.id,
      customerKey: expect.any(Buffer),
      hasBudget: false,
      issuerPartnerId: cafe.partnerId,
      redeemerPartnerId: gym.partnerId,
      redeemerCurrency: 'EUR',
      ...{ currency: 'EUR', timeZone: 'Europe/Berlin', returnUse: 'void_only', voidMinutes: 30 },
      versions: [
        {
          version: 1,
          approvedAt: expect.any(Number),
          startsAt: Date.parse('2026-05-31T22:00:00Z'),
          redeemBefore: Date.parse('2026-07-15T22:00:00Z'),
          timeZone: 'Europe/Berlin',
          offlinePolicy: { mode: 'honour', maxDelayHours: 5, bearer: 'funders' },
          reward: { kind: 'percent', value: ratio(25n, 2n) },
          minimumSpend: 99_999_999_999_999_999n,
          maximumDiscount: 2000n,
          ...{ perCodeLimit: 1, perCustomerLimit: 2, totalLimit: 3, dailyLimit: 4, budget: null },
          ...{ returnUse: 'void_only', voidMinutes: 30 },
        },
      ],
      pauses: [],
      endedAt: null,
    });
    const lastApproval = Math.max(...campaign.approvals.map(({ approvedAt }) => approvedAt));
    expect(state?.versions[0]?.approvedAt).toBeGreaterThanOrEqual(lastApproval);
  });

  it('has no version while the campaign is a draft', async () => {
    const [id = ''] = offerIds(await tandem.buildDraft([cafe, gym]));
    expect((await stateOf(id))?.versions).toEqual([]);
  });

  it('keeps every version that was in force, in order, and leaves out those that never were', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    const [id = ''] = offerIds(campaign);
    const limit = (totalLimit: number) => ({ offers: [{ id, conditions: { totalLimit } }] });
    const never = await tandem.amend(cafe, campaign, limit(20));
    const third = await tandem.approveByAll([cafe, gym], await tandem.amend(cafe, never, limit(30)));
    await tandem.amend(cafe, third, limit(40));
    const versions = (await stateOf(id))?.versions ?? [];
    expect(versions.map(({ version, totalLimit }) => [version, totalLimit])).toEqual([
      [1, null],
      [3, 30],
    ]);
    expect(versions[1]?.approvedAt).toBeGreaterThanOrEqual(versions[0]?.approvedAt ?? Infinity);
  });

  it('has the reversal policy of each version, and the newest one as its own', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    const amended = await tandem.amend(cafe, campaign, {
      terms: { reversalPolicy: { returnUse: 'never', voidMinutes: null } },
    });
    await tandem.approveByAll([cafe, gym], amended);
    const state = await stateOf(offerIds(campaign)[0] ?? '');
    expect(state?.versions.map(({ returnUse }) => returnUse)).toEqual(['always', 'never']);
    expect(state?.returnUse).toBe('never');
  });

  it('of an offer that was added later begins with the version that brought it', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    const amended = await tandem.amend(cafe, campaign, { offers: [proposeOffer(gym, cafe)] });
    const added = offerIds(amended)[1] ?? '';
    expect((await stateOf(added))?.versions).toEqual([]);
    await tandem.approveByAll([cafe, gym], amended);
    expect((await stateOf(added))?.versions.map(({ version }) => version)).toEqual([2]);
  });

  it('knows all pauses, the one that lasts too, and the end', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    const [id = ''] = offerIds(campaign);
    await tandem.lifecycle.pause(cafe, campaign.id);
    await tandem.lifecycle.resume(cafe, campaign.id);
    const { pauses } = await tandem.lifecycle.pause(cafe, campaign.id);
    const paused = await stateOf(id);
    expect([paused?.pauses, paused?.endedAt]).toEqual([pauses, null]);
    expect(paused?.pauses.map(({ to }) => to === null)).toEqual([false, true]);
    const ended = await tandem.lifecycle.end(cafe, campaign.id);
    expect((await stateOf(id))?.endedAt).toBe(ended.endedAt);
  });

  it('comes for many offers at once, each with its own campaign, and for unknown ones not at all', async () => {
    const [one, two] = [
      await tandem.buildApproved([cafe, gym], {
        offers: [proposeOffer(cafe, gym), proposeOffer(gym, cafe, { totalLimit: 7 })],
      }),
      await tandem.buildApproved([gym, stranger]),
    ];
    await tandem.lifecycle.pause(gym, two.id);
    const ids = [...offerIds(one), ...offerIds(two)];
    const found = await states([...ids, UNKNOWN]);
    expect(new Set(found.keys())).toEqual(new Set(ids));
    expect(ids.map((id) => found.get(id)?.campaignId)).toEqual([one.id, one.id, two.id]);
    expect(ids.map((id) => found.get(id)?.versions[0]?.totalLimit)).toEqual([null, 7, null]);
    expect(ids.map((id) => found.get(id)?.pauses.length)).toEqual([0, 0, 1]);
  });
});

describe('an offer for the makers of codes', () => {
  it('is there for its issuer and the operator, seen by all participants, and nothing for others', async () => {
    const campaign = await tandem.buildApproved([cafe, gym], { terms: { endsOn: '2030-12-31' } });
    const [id = ''] = offerIds(campaign);
    const offer = {
      ...{ id, campaignId: campaign.id, issuerPartnerId: cafe.partnerId, redeemerPartnerId: gym.partnerId },
      ...{ timeZone: 'Europe/Berlin', redeemBefore: Date.parse('2031-01-01T00:00:00+01:00'), endedAt: null },
      isWanted: true,
    };
    await tandem.database.read(async (tx) => {
      expect(await tandem.readModel.offerForIssuer(tx, cafe, id)).toEqual(offer);
      expect(await tandem.readModel.offerForIssuer(tx, operator, id)).toEqual(offer);
      expect(await tandem.readModel.offerForIssuer(tx, gym, id)).toBeUndefined();
      expect(await tandem.readModel.visibleOffer(tx, gym, id)).toEqual(offer);
      expect(await tandem.readModel.visibleOffer(tx, stranger, id)).toBeUndefined();
      expect(await tandem.readModel.visibleOffer(tx, operator, UNKNOWN)).toBeUndefined();
    });
  });

  describe('is wanted', () => {
    const isWanted = ({ agreement }: Campaign, place = 0) =>
      tandem.database.read(async (tx) => {
        const offerId = agreement.offers[place]?.id ?? '';
        return (await tandem.readModel.visibleOffer(tx, operator, offerId))?.isWanted;
      });

    it('once its redeemer has approved it, whoever else has', async () => {
      const draft = await tandem.buildDraft([cafe, gym]);
      expect(await isWanted(draft)).toBe(false);
      await tandem.lifecycle.approve(cafe, draft.id, {});
      expect(await isWanted(draft)).toBe(false);
      await tandem.lifecycle.approve(gym, draft.id, {});
      expect(await isWanted(draft)).toBe(true);
    });

    it('in a draft of a partner that redeems its own codes', async () => {
      expect(
        await isWanted(await tandem.buildDraft([cafe, gym], { offers: [proposeOffer(cafe, cafe)] })),
      ).toBe(true);
    });

    it('no longer when the terms of a draft have changed since, until the redeemer approves these', async () => {
      const draft = await tandem.buildDraft([cafe, gym]);
      const read = await tandem.lifecycle.approve(gym, draft.id, {});
      const changed = await tandem.amend(cafe, read, { terms: { endsOn: '2040-12-31' } });
      expect(await isWanted(changed)).toBe(false);
      await tandem.lifecycle.approve(gym, draft.id, {});
      expect(await isWanted(changed)).toBe(true);
    });

    it('while a change of running terms waits, but not when that change has brought the offer', async () => {
      const running = await tandem.buildApproved([cafe, gym]);
      const changed = await tandem.amend(cafe, running, { offers: [proposeOffer(cafe, gym)] });
      expect([await isWanted(changed, 0), await isWanted(changed, 1)]).toEqual([true, false]);
      await tandem.lifecycle.approve(gym, running.id, {});
      expect(await isWanted(changed, 1)).toBe(true);
    });
  });

  it('ends with the version in force, not with one that waits for approval', async () => {
    const campaign = await tandem.buildApproved([cafe, gym], {
      ...{ timeZone: 'UTC', terms: { endsOn: '2030-12-31' } },
    });
    const [id = ''] = offerIds(campaign);
    await tandem.amend(cafe, campaign, { terms: { endsOn: '2040-12-31' } });
    const offer = await tandem.database.read((tx) => tandem.readModel.visibleOffer(tx, cafe, id));
    expect(offer?.redeemBefore).toBe(Date.parse('2031-01-01T00:00:00Z'));
  });
});

describe('a campaign for reports', () => {
  it('has the days on which codes are taken, its rules, participants and offers', async () => {
    const campaign = await tandem.buildApproved([cafe, gym], {
      terms: {
        ...{ startsOn: '2026-06-01', endsOn: '2026-06-30', redeemUntil: '2026-07-15' },
        ...{
          incomeBasis: 'margin',
          newCustomerLookbackDays: 90,
          returningAfterDays: 30,
          attributionLookbackDays: 14,
        },
      },
      offers: [
        proposeOffer(cafe, gym),
        proposeOffer(gym, cafe, { reward: { kind: 'amount', value: { minor: 500n, currency: 'EUR' } } }),
      ],
    });
    const [first, second] = offerIds(campaign);
    const found = await tandem.database.read((tx) => tandem.readModel.findVisible(tx, gym, campaign.id));
    expect(found).toEqual({
      ...{ id: campaign.id, currency: 'EUR', timeZone: 'Europe/Berlin' },
      period: { from: '2026-06-01', to: '2026-07-16' },
      ...{ startsOn: '2026-06-01', endsOn: '2026-06-30', isApproved: true, controlChannels: [] },
      ...{
        incomeBasis: 'margin',
        newCustomerLookbackDays: 90,
        returningAfterDays: 30,
        attributionLookbackDays: 14,
      },
      ...{ reciprocityTolerance: null, targets: [], holdOutShare: null },
      participants: campaign.agreement.participants,
      offers: [
        {
          ...{ id: first, issuerPartnerId: cafe.partnerId, redeemerPartnerId: gym.partnerId },
          label: '1: 10 %',
        },
        {
          ...{ id: second, issuerPartnerId: gym.partnerId, redeemerPartnerId: cafe.partnerId },
          label: '2: 5.00 EUR',
        },
      ],
    });
  });

  it('shows the version in force while another waits', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    await tandem.amend(cafe, campaign, {
      terms: { incomeBasis: 'margin' },
      offers: [proposeOffer(gym, cafe)],
    });
    const found = await tandem.database.read((tx) => tandem.readModel.findVisible(tx, cafe, campaign.id));
    expect([found?.incomeBasis, found?.offers.length]).toEqual(['revenue', 1]);
  });

  it('is there for participants and the operator only', async () => {
    const { id } = await tandem.buildDraft([cafe, gym]);
    await tandem.database.read(async (tx) => {
      expect((await tandem.readModel.findVisible(tx, operator, id))?.id).toBe(id);
      expect(await tandem.readModel.findVisible(tx, stranger, id)).toBeUndefined();
      expect(await tandem.readModel.findVisible(tx, cafe, UNKNOWN)).toBeUndefined();
    });
  });
});
