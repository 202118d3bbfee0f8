import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Campaign, pendingVersion, statusOf } from '../../src/campaigns/domain/campaign.js';
import type { OperatorPrincipal, PartnerPrincipal } from '../../src/platform/auth/principal.js';
import { CampaignsProcess, proposeCampaign, proposeOffer } from '../support/campaign-builders.js';
import { testDatabase } from '../support/test-database.js';

const UNKNOWN = '00000000-0000-7000-8000-000000000000';
const NOT_FOUND = { code: 'not-found', details: { status: 404 } };
const STALE = { code: 'precondition.failed', details: { status: 412 } };
const FORBIDDEN = { code: 'forbidden', details: { status: 403 } };
const ENDED = { code: 'campaign.ended', details: { status: 409 } };

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

/** The codes with which some of these were refused. */
async function refusals(work: Promise<unknown>[]): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(work);
  return outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [(outcome.reason as { code: unknown }).code] : [],
  );
}

function firstOfferId({ agreement }: Campaign): string {
  return agreement.offers[0]?.id ?? 'none';
}

describe('a proposed campaign', () => {
  it('is a draft, led by the partner that proposed it, and reads back as it was proposed', async () => {
    const proposed = proposeCampaign([cafe, gym], {
      terms: {
        redeemUntil: '2151-01-31',
        reversalPolicy: { returnUse: 'void_only', voidMinutes: 30 },
        offlinePolicy: { mode: 'honour', maxDelayHours: 1_000_000, bearer: 'funders' },
      },
      offers: [
        proposeOffer(cafe, gym, {
          reward: { kind: 'gift', label: 'Towel', unitCost: { minor: 250n, currency: 'EUR' } },
          minimumSpend: { minor: 99_999_999_999_999_999n, currency: 'EUR' },
          maximumDiscount: { minor: 0n, currency: 'EUR' },
          perCodeLimit: 1,
          perCustomerLimit: 2,
          totalLimit: 2_147_483_647,
          dailyLimit: 4,
          issuance: {
            minimumReceipt: { minor: 99_999_999_999_999_999n, currency: 'EUR' },
            ...{ ceiling: 2_147_483_647, validDays: 36_500 },
          },
        }),
        proposeOffer(gym, cafe, { reward: { kind: 'amount', value: { minor: 500n, currency: 'EUR' } } }),
        proposeOffer(gym, gym, { reward: { kind: 'bonus_points', value: 100 } }),
      ],
    });
    const campaign = await tandem.campaigns.create(cafe, proposed);
    const { offers, participants, ...rest } = campaign.agreement;
    expect({ ...rest, offers: offers.map(({ id: _id, ...offer }) => offer) }).toEqual({
      ...{ name: proposed.name, kind: proposed.kind, currency: proposed.currency },
      ...{ timeZone: proposed.timeZone, terms: proposed.terms, offers: proposed.offers },
    });
    expect(new Set(participants)).toEqual(new Set(proposed.participants));
    expect([statusOf(campaign), campaign.leadPartnerId]).toEqual(['draft', cafe.partnerId]);
    expect([campaign.latestVersion, campaign.effectiveVersion, pendingVersion(campaign)]).toEqual([
      1,
      null,
      1,
    ]);
  });

  it('has a counter for each offer from the start', async () => {
    const { agreement } = await tandem.buildDraft([cafe, gym], {
      offers: [proposeOffer(cafe, gym), proposeOffer(gym, cafe)],
    });
    const counters = await tandem.database.read((tx) =>
      tx.rows('select redeemer_partner_id as redeemer, uses from offer_counters where offer_id = any($1)', [
        agreement.offers.map(({ id }) => id),
      ]),
    );
    expect(new Set(counters)).toEqual(
      new Set([
        { redeemer: gym.partnerId, uses: 0 },
        { redeemer: cafe.partnerId, uses: 0 },
      ]),
    );
  });

  it('is led by the operator when the operator proposed it', async () => {
    const campaign = await tandem.campaigns.create(operator, proposeCampaign([cafe, gym]));
    expect(campaign.leadPartnerId).toBeNull();
    await expect(tandem.amend(cafe, campaign, { name: 'Mine' })).rejects.toMatchObject(FORBIDDEN);
  });

  it('is seen by its participants, in every state, and by nobody else', async () => {
    const draft = await tandem.buildDraft([cafe, gym]);
    expect((await tandem.campaigns.get(gym, draft.id)).agreement).toEqual(draft.agreement);
    expect((await tandem.campaigns.get(operator, draft.id)).agreement).toEqual(draft.agreement);
    await expect(tandem.campaigns.get(stranger, draft.id)).rejects.toMatchObject(NOT_FOUND);
    await expect(tandem.campaigns.get(cafe, UNKNOWN)).rejects.toMatchObject(NOT_FOUND);
    await expect(tandem.lifecycle.approve(stranger, draft.id, {})).rejects.toMatchObject(NOT_FOUND);
    await expect(tandem.lifecycle.end(stranger, draft.id)).rejects.toMatchObject(NOT_FOUND);
    await expect(tandem.amend(stranger, draft, { name: 'Mine' })).rejects.toMatchObject(NOT_FOUND);
  });

  it('has the partner that proposes it as a participant', async () => {
    const proposed = tandem.campaigns.create(stranger, proposeCampaign([cafe, gym]));
    await expect(proposed).rejects.toMatchObject({ code: 'participant.missing', details: { status: 422 } });
  });

  it('names only partners that exist, each once', async () => {
    const ghost = { ...stranger, partnerId: UNKNOWN };
    await expect(tandem.buildDraft([cafe, ghost, gym])).rejects.toMatchObject({
      code: 'participant.unknown',
      details: { status: 422, errors: [{ pointer: '/participants/1/partnerId' }] },
    });
    await expect(tandem.buildDraft([cafe, gym, cafe])).rejects.toMatchObject({
      code: 'participant.duplicate',
      details: { status: 422, errors: [{ pointer: '/participants/2/partnerId' }] },
    });
  });

  it('has its amounts in its currency, and its offers between its participants', async () => {
    const usd = { minor: 1n, currency: 'USD' };
    const priced = tandem.buildDraft([cafe, gym], {
      offers: [proposeOffer(cafe, gym, { minimumSpend: usd })],
    });
    await expect(priced).rejects.toMatchObject({ code: 'currency.mismatch', details: { status: 422 } });
    const foreign = tandem.buildDraft([cafe, gym], { offers: [proposeOffer(cafe, stranger)] });
    await expect(foreign).rejects.toMatchObject({
      code: 'offer.parties',
      details: { status: 422, errors: [{ pointer: '/offers/0/redeemerPartnerId' }] },
    });
  });

  it('is listed for its participants, page by page, in the order of creation', async () => {
    const [anna, bob] = [await tandem.buildMarketer(), await tandem.buildMarketer()];
    const made: Campaign[] = [];
    for (const partners of [[anna], [anna, bob], [bob, anna]]) made.push(await tandem.buildDraft(partners));
    await tandem.buildDraft([bob]);
    const first = await tandem.campaigns.list(anna, { limit: 2, after: null });
    const second = await tandem.campaigns.list(anna, { limit: 2, after: first.items[1]?.id ?? null });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    expect(first.nextCursor).not.toBeNull();
    expect(second.nextCursor).toBeNull();
    expect(second.items[0]?.agreement.participants).toHaveLength(2);
  });
});

describe('an approval', () => {
  it('brings the campaign into force when it is the last one missing', async () => {
    const draft = await tandem.buildDraft([cafe, gym]);
    const half = await tandem.lifecycle.approve(gym, draft.id, {});
    expect([statusOf(half), half.effectiveVersion]).toEqual(['draft', null]);
    const whole = await tandem.lifecycle.approve(cafe, draft.id, {});
    expect([statusOf(whole), whole.effectiveVersion, pendingVersion(whole)]).toEqual(['active', 1, null]);
    expect(new Set(whole.approvals.map(({ partnerId }) => partnerId))).toEqual(
      new Set([cafe.partnerId, gym.partnerId]),
    );
  });

  it('leads to a scheduled campaign before the first day, and to an ended one after the last', async () => {
    const future = await tandem.buildApproved([cafe, gym], { terms: { startsOn: '2150-01-01' } });
    expect(statusOf(future)).toBe('scheduled');
    const past = await tandem.buildApproved([cafe, gym], { terms: { endsOn: '2020-01-31' } });
    expect(statusOf(past)).toBe('ended');
  });

  it('given by all partners at once puts the version into force exactly once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const partners = [cafe, gym, stranger];
      const draft = await tandem.buildDraft(partners);
      await Promise.all(partners.map((partner) => tandem.lifecycle.approve(partner, draft.id, {})));
      const campaign = await tandem.campaigns.get(cafe, draft.id);
      expect([campaign.effectiveVersion, statusOf(campaign)]).toEqual([1, 'active']);
      // One change each; the one that put the version into force is part of the last approval.
      expect(campaign.revision).toBe(draft.revision + partners.length);
    }
  });

  it('given twice, also at once, counts once', async () => {
    const draft = await tandem.buildDraft([cafe, gym]);
    await Promise.all([1, 2, 3].map(() => tandem.lifecycle.approve(gym, draft.id, {})));
    const again = await tandem.lifecycle.approve(gym, draft.id, {});
    expect(again.approvals).toHaveLength(1);
    expect(again.revision).toBe(draft.revision + 1);
  });

  it('given again to the version in force does not move the instant of its approval', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    const approvedAt = () =>
      tandem.database.read((tx) =>
        tx.row('select approved_at from campaign_terms where campaign_id = $1', [campaign.id]),
      );
    const before = await approvedAt();
    await tandem.lifecycle.approve(gym, campaign.id, {});
    expect(await approvedAt()).toEqual(before);
  });

  it('is refused when it names a version that is not the latest', async () => {
    const draft = await tandem.buildDraft([cafe, gym]);
    await tandem.amend(cafe, draft, { terms: { endsOn: '2149-12-31' } });
    await expect(tandem.lifecycle.approve(gym, draft.id, { version: 1 })).rejects.toMatchObject({
      code: 'campaign.version-changed',
      details: { status: 409, extra: { termsVersion: 2 } },
    });
    expect((await tandem.lifecycle.approve(gym, draft.id, { version: 2 })).approvals).toHaveLength(1);
  });

  it('may be given by the operator for a participant it names, and by a partner for itself only', async () => {
    const draft = await tandem.buildDraft([cafe, gym]);
    const approve = (partnerId?: string) => tandem.lifecycle.approve(operator, draft.id, { partnerId });
    await expect(approve()).rejects.toMatchObject({ code: 'participant.missing' });
    await expect(approve(stranger.partnerId)).rejects.toMatchObject({ code: 'participant.missing' });
    const forAnother = tandem.lifecycle.approve(cafe, draft.id, { partnerId: gym.partnerId });
    await expect(forAnother).rejects.toMatchObject(FORBIDDEN);
    await approve(gym.partnerId);
    const whole = await tandem.lifecycle.approve(cafe, draft.id, { partnerId: cafe.partnerId });
    expect(whole.effectiveVersion).toBe(1);
  });
});

describe('a change of a campaign', () => {
  it('of the name takes effect at once and asks for no approval', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    const renamed = await tandem.amend(cafe, campaign, { name: 'Summer' });
    expect(renamed.agreement).toEqual({ ...campaign.agreement, name: 'Summer' });
    expect([renamed.latestVersion, renamed.effectiveVersion, renamed.revision]).toEqual([
      1,
      1,
      campaign.revision + 1,
    ]);
  });

  it('of the terms waits as a new version, while the approved one stays in force', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    const amended = await tandem.amend(cafe, campaign, { terms: { startsOn: '2150-01-01' } });
    expect([amended.latestVersion, amended.effectiveVersion, pendingVersion(amended)]).toEqual([2, 1, 2]);
    expect(statusOf(amended)).toBe('active');
    const approved = await tandem.approveByAll([cafe, gym], amended);
    expect([approved.effectiveVersion, pendingVersion(approved)]).toEqual([2, null]);
    expect(statusOf(approved)).toBe('scheduled');
  });

  it('copies the terms of all offers into the new version, changed and added ones and those left alone', async () => {
    const campaign = await tandem.buildApproved([cafe, gym], {
      offers: [proposeOffer(cafe, gym, { totalLimit: 10 }), proposeOffer(gym, cafe)],
    });
    const added = proposeOffer(gym, gym);
    const amended = await tandem.amend(cafe, campaign, {
      offers: [{ id: firstOfferId(campaign), conditions: { totalLimit: 20 } }, added],
    });
    const [first, second, third] = amended.agreement.offers;
    expect(first).toMatchObject({ id: firstOfferId(campaign), conditions: { totalLimit: 20 } });
    expect(second).toEqual(campaign.agreement.offers[1]);
    expect(third).toEqual({ ...added, id: third?.id });
    const versions = await tandem.database.read((tx) =>
      tx.rows(
        `select t.version, t.total_limit as "totalLimit" from offer_terms t join offers o on o.id = t.offer_id
         where o.campaign_id = $1 order by o.position, t.version`,
        [campaign.id],
      ),
    );
    expect(versions).toEqual([
      { version: 1, totalLimit: 10 },
      { version: 2, totalLimit: 20 },
      { version: 1, totalLimit: null },
      { version: 2, totalLimit: null },
      { version: 2, totalLimit: null },
    ]);
  });

  it('that comes before the approval of the last one replaces it: only the latest version can be approved', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    const second = await tandem.amend(cafe, campaign, { terms: { endsOn: '2149-12-31' } });
    const half = await tandem.lifecycle.approve(cafe, second.id, {});
    const third = await tandem.amend(cafe, half, { terms: { endsOn: '2148-12-31' } });
    const gymOnly = await tandem.lifecycle.approve(gym, third.id, {});
    expect([gymOnly.latestVersion, gymOnly.effectiveVersion]).toEqual([3, 1]);
    expect((await tandem.lifecycle.approve(cafe, third.id, {})).effectiveVersion).toBe(3);
  });

  it('that changes nothing makes no version', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    const { agreement } = campaign;
    const same = await tandem.amend(cafe, campaign, {
      ...{ name: agreement.name, currency: agreement.currency, participants: agreement.participants },
      terms: agreement.terms,
      offers: agreement.offers.map(({ id, conditions }) => ({ id, conditions })),
    });
    expect([same.latestVersion, same.revision]).toEqual([1, campaign.revision]);
  });

  it('of something that has changed since it was read is refused', async () => {
    const campaign = await tandem.buildDraft([cafe, gym]);
    await tandem.amend(cafe, campaign, { name: 'First' });
    await expect(tandem.amend(cafe, campaign, { name: 'Second' })).rejects.toMatchObject(STALE);
    expect((await tandem.campaigns.get(cafe, campaign.id)).agreement.name).toBe('First');
  });

  it('is made by one of several at once', async () => {
    const campaign = await tandem.buildDraft([cafe, gym]);
    const dates = ['2147-01-01', '2148-01-01', '2149-01-01', '2150-01-01'];
    const changes = dates.map((endsOn) => tandem.amend(cafe, campaign, { terms: { endsOn } }));
    expect(await refusals(changes)).toEqual(Array(3).fill('precondition.failed'));
    expect((await tandem.campaigns.get(cafe, campaign.id)).latestVersion).toBe(2);
  });

  it('is up to the lead and the operator', async () => {
    const campaign = await tandem.buildDraft([cafe, gym]);
    await expect(tandem.amend(gym, campaign, { name: 'Mine' })).rejects.toMatchObject(FORBIDDEN);
    expect((await tandem.amend(operator, campaign, { name: 'Ours' })).agreement.name).toBe('Ours');
  });

  it('can add participants and another zone while it is a draft, which all approve anew', async () => {
    const draft = await tandem.lifecycle.approve(gym, (await tandem.buildDraft([cafe, gym])).id, {});
    const amended = await tandem.amend(cafe, draft, {
      kind: 'cultural',
      timeZone: 'Asia/Dubai',
      participants: [{ partnerId: stranger.partnerId, role: 'wagon' }],
      offers: [proposeOffer(cafe, stranger)],
    });
    expect(amended.agreement.participants).toHaveLength(3);
    const approved = await tandem.approveByAll([cafe, gym, stranger], amended);
    expect([approved.effectiveVersion, approved.agreement.timeZone]).toEqual([2, 'Asia/Dubai']);
    const startsAt = Date.parse('2020-01-01T00:00:00+04:00');
    expect(approved.window?.startsAt).toBe(startsAt);
  });

  it('cannot touch kind, currency, zone and participants once a version was approved', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    for (const changes of [
      { kind: 'strategic' as const },
      { currency: 'USD' },
      { timeZone: 'UTC' },
      { participants: [{ partnerId: stranger.partnerId, role: 'equal' as const }] },
    ]) {
      const change = tandem.amend(cafe, campaign, changes);
      await expect(change).rejects.toMatchObject({ code: 'campaign.terms-fixed', details: { status: 422 } });
    }
  });

  it('of the currency needs all amounts in the new one, and no cost recorded in the old one', async () => {
    const eur = { minor: 100n, currency: 'EUR' };
    const usd = { minor: 100n, currency: 'USD' };
    const draft = await tandem.buildDraft([cafe, gym], {
      offers: [proposeOffer(cafe, gym, { minimumSpend: eur })],
    });
    await expect(tandem.amend(cafe, draft, { currency: 'USD' })).rejects.toMatchObject({
      code: 'currency.mismatch',
      details: { errors: [{ pointer: '/currency' }] },
    });
    const offers = [{ id: firstOfferId(draft), conditions: { minimumSpend: usd } }];
    const dollars = await tandem.amend(cafe, draft, { currency: 'USD', offers });
    expect(dollars.agreement.offers[0]?.conditions.minimumSpend).toEqual(usd);
    await tandem.costs.record(cafe, draft.id, {
      ...{ category: 'flyers', payerPartnerId: cafe.partnerId, amount: usd, incurredOn: '2026-06-01' },
      ...{ planned: false, note: null },
    });
    const back = {
      currency: 'EUR',
      offers: [{ id: firstOfferId(draft), conditions: { minimumSpend: eur } }],
    };
    await expect(tandem.amend(cafe, dollars, back)).rejects.toMatchObject({ code: 'campaign.terms-fixed' });
  });

  it('names only offers of the campaign', async () => {
    const [campaign, other] = [await tandem.buildDraft([cafe, gym]), await tandem.buildDraft([cafe, gym])];
    const change = tandem.amend(cafe, campaign, { offers: [{ id: firstOfferId(other), conditions: {} }] });
    await expect(change).rejects.toMatchObject({
      code: 'offer.unknown',
      details: { status: 422, errors: [{ pointer: '/offers/0/id' }] },
    });
  });

  it('keeps the dates in order with those that are not being changed', async () => {
    const campaign = await tandem.buildDraft([cafe, gym]);
    const change = tandem.amend(cafe, campaign, { terms: { startsOn: '2151-01-01' } });
    await expect(change).rejects.toMatchObject({ code: 'campaign.period', details: { status: 422 } });
  });
});

describe('a pause', () => {
  it('lasts until it is lifted, and can be followed by another', async () => {
    const { id } = await tandem.buildApproved([cafe, gym]);
    expect(statusOf(await tandem.lifecycle.pause(cafe, id))).toBe('paused');
    expect(statusOf(await tandem.lifecycle.resume(cafe, id))).toBe('active');
    expect(statusOf(await tandem.lifecycle.pause(operator, id))).toBe('paused');
    expect((await tandem.lifecycle.resume(operator, id)).pauses).toHaveLength(2);
  });

  it('of a campaign that is paused, or a draft, is refused; so is lifting none', async () => {
    const draft = await tandem.buildDraft([cafe, gym]);
    const notRunning = { code: 'campaign.not-running', details: { status: 409 } };
    await expect(tandem.lifecycle.pause(cafe, draft.id)).rejects.toMatchObject(notRunning);
    const { id } = await tandem.approveByAll([cafe, gym], draft);
    const notPaused = { code: 'campaign.not-paused', details: { status: 409 } };
    await expect(tandem.lifecycle.resume(cafe, id)).rejects.toMatchObject(notPaused);
    await tandem.lifecycle.pause(cafe, id);
    await expect(tandem.lifecycle.pause(cafe, id)).rejects.toMatchObject(notRunning);
  });

  it('begins once when several ask for it at once', async () => {
    const { id } = await tandem.buildApproved([cafe, gym]);
    const pauses = [1, 2, 3].map(() => tandem.lifecycle.pause(cafe, id));
    expect(await refusals(pauses)).toEqual(['campaign.not-running', 'campaign.not-running']);
    expect((await tandem.campaigns.get(cafe, id)).pauses).toHaveLength(1);
  });

  it('and its lifting, asked for many times at once, are refused for the state of the campaign only', async () => {
    const { id } = await tandem.buildApproved([cafe, gym]);
    const work = Array.from({ length: 20 }, (_, index) =>
      index % 2 ? tandem.lifecycle.resume(cafe, id) : tandem.lifecycle.pause(cafe, id),
    );
    const codes = new Set(await refusals(work));
    codes.delete('campaign.not-running');
    codes.delete('campaign.not-paused');
    expect([...codes]).toEqual([]);
  });

  it('is up to the lead', async () => {
    const { id } = await tandem.buildApproved([cafe, gym]);
    for (const verb of ['pause', 'resume', 'end'] as const) {
      await expect(tandem.lifecycle[verb](gym, id)).rejects.toMatchObject(FORBIDDEN);
    }
  });
});

describe('an ended campaign', () => {
  it('is ended for good: no change, approval, pause or second end', async () => {
    const campaign = await tandem.buildApproved([cafe, gym]);
    const ended = await tandem.lifecycle.end(cafe, campaign.id);
    expect(statusOf(ended)).toBe('ended');
    await expect(tandem.amend(cafe, ended, { name: 'Again' })).rejects.toMatchObject(ENDED);
    await expect(tandem.lifecycle.approve(gym, ended.id, {})).rejects.toMatchObject(ENDED);
    for (const verb of ['pause', 'resume', 'end'] as const) {
      await expect(tandem.lifecycle[verb](cafe, ended.id)).rejects.toMatchObject(ENDED);
    }
  });

  it('is one whose last day is over, too', async () => {
    const campaign = await tandem.buildApproved([cafe, gym], { terms: { endsOn: '2020-01-31' } });
    const change = tandem.amend(cafe, campaign, { terms: { endsOn: '2150-01-01' } });
    await expect(change).rejects.toMatchObject(ENDED);
  });

  it('is no longer paused', async () => {
    const { id } = await tandem.buildApproved([cafe, gym]);
    await tandem.lifecycle.pause(cafe, id);
    const ended = await tandem.lifecycle.end(cafe, id);
    expect(ended.pauses[0]?.to).not.toBeNull();
  });

  it('may be a draft that was given up', async () => {
    const { id } = await tandem.buildDraft([cafe, gym]);
    expect(statusOf(await tandem.lifecycle.end(cafe, id))).toBe('ended');
  });
});
