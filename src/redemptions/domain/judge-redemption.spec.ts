import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRatio } from '../../kernel/ratio.js';
import type { Attempt } from './attempt.js';
import { type OfferState, type OfferTerms, toOfflinePolicy } from '../../campaigns/domain/offer-state.js';
import type { CodeState, KnownCode } from './code-state.js';
import { judgeRedemption } from './judge-redemption.js';
import { REFUSAL_REASONS, type RefusalReason } from './refusal-reason.js';
import type { Uses } from './uses.js';

const NOW = Date.UTC(2026, 4, 20, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOTHING = { uses: 0, spent: 0n };
const NO_CAPS = { total: null, perOffer: null, perChannel: null, perDay: null };
const NO_BUDGET_USES = { total: NOTHING, perOffer: NOTHING, perChannel: NOTHING, perDay: NOTHING };

interface Situation {
  attempt?: Partial<Attempt>;
  code?: Partial<KnownCode>;
  offer?: Partial<OfferState>;
  terms?: Partial<OfferTerms>;
  uses?: Partial<Uses>;
}

function buildAttempt(overrides: Partial<Attempt> = {}): Attempt {
  return {
    externalId: 'till-1-0001',
    channelId: 'till-1',
    channelAllowed: true,
    occurredAt: NOW,
    receivedAt: NOW,
    offline: false,
    receiptKey: 'till-1|0001',
    subtotal: 5000n,
    discountTaken: null,
    conversion: { kind: 'same' },
    customerId: null,
    reservationId: null,
    ...overrides,
  };
}

function buildTerms(overrides: Partial<OfferTerms> = {}): OfferTerms {
  return {
    version: 1,
    approvedAt: NOW - 60 * DAY,
    startsAt: NOW - 30 * DAY,
    redeemBefore: NOW + 30 * DAY,
    timeZone: 'Europe/Berlin',
    offlinePolicy: { mode: 'accept', maxDelayHours: 72 },
    reward: { kind: 'percent', value: parseRatio('10') },
    minimumSpend: null,
    maximumDiscount: null,
    perCodeLimit: null,
    perCustomerLimit: null,
    totalLimit: null,
    dailyLimit: null,
    budget: null,
    ...overrides,
  };
}

/** A coupon of a running campaign, never used, on a receipt of 50.00; everything in its favour unless overridden. */
function build(situation: Situation = {}): [Attempt, KnownCode, Uses] {
  const offer: OfferState = {
    offerId: 'offer',
    campaignId: 'campaign',
    hasBudget: true,
    versions: [buildTerms(situation.terms)],
    pauses: [],
    endedAt: null,
    ...situation.offer,
  };
  const code: KnownCode = {
    kind: 'known',
    codeId: 'code',
    codeKind: 'coupon',
    maxRedemptions: null,
    startsAt: null,
    expiresAt: null,
    revokedAt: null,
    offer,
    ...situation.code,
  };
  const uses: Uses = {
    code: 0,
    offer: 0,
    offerToday: 0,
    customer: 0,
    onThisReceipt: false,
    budget: NO_BUDGET_USES,
    reservation: 'fine',
    ...situation.uses,
  };
  return [buildAttempt(situation.attempt), code, uses];
}

const judge = (situation?: Situation) => judgeRedemption(...build(situation));

/** The reason, or "accepted". */
function outcome(situation?: Situation): string {
  const verdict = judge(situation);
  return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
}

/** Lays the parts of one situation over another. */
function merge(one: Situation, other: Situation): Situation {
  return {
    attempt: { ...one.attempt, ...other.attempt },
    code: { ...one.code, ...other.code },
    offer: { ...one.offer, ...other.offer },
    terms: { ...one.terms, ...other.terms },
    uses: { ...one.uses, ...other.uses },
  };
}

// In the order the reasons take precedence. Each flaw stands alone and can be combined with all the later ones.
const FLAWS: readonly (readonly [RefusalReason, string, Situation])[] = [
  ['channel.not-allowed', 'the channel may not redeem', { attempt: { channelAllowed: false } }],
  ['occurred.in-future', "the till's clock runs ahead", { attempt: { occurredAt: NOW + HOUR } }],
  ['occurred.too-old', 'the report comes too late', { attempt: { occurredAt: NOW - 73 * HOUR } }],
  ['code.revoked', 'the code was revoked', { code: { revokedAt: NOW - DAY } }],
  ['campaign.not-active', 'the campaign has not started', { terms: { startsAt: NOW + DAY } }],
  ['campaign.paused', 'the campaign is paused', { offer: { pauses: [{ from: NOW - DAY, to: null }] } }],
  ['campaign.ended', 'the campaign was ended early', { offer: { endedAt: NOW - DAY } }],
  ['code.not-started', 'the code starts later', { code: { startsAt: NOW + DAY } }],
  ['code.expired', 'the code has expired', { code: { expiresAt: NOW - DAY } }],
  [
    'reservation.missing',
    'the reservation is of another code',
    { attempt: { reservationId: 'r' }, uses: { reservation: 'missing' } },
  ],
  [
    'reservation.expired',
    'the reservation has run out',
    { attempt: { reservationId: 'r' }, uses: { reservation: 'expired' } },
  ],
  ['code.used-up', 'the coupon has been used', { uses: { code: 1 } }],
  ['offer.limit-reached', 'the offer is sold out', { terms: { totalLimit: 5 }, uses: { offer: 5 } }],
  ['offer.daily-limit-reached', 'the day is sold out', { terms: { dailyLimit: 2 }, uses: { offerToday: 2 } }],
  [
    'budget.exhausted',
    'the budget is spent',
    {
      terms: {
        budget: { ...NO_CAPS, perChannel: { amount: { minor: 700n, currency: 'EUR' }, redemptions: null } },
      },
      uses: { budget: { ...NO_BUDGET_USES, perChannel: { uses: 1, spent: 201n } } },
    },
  ],
  ['customer.required', 'a limit per customer needs one', { terms: { perCustomerLimit: 1 } }],
  [
    'customer.limit-reached',
    'the customer had their share',
    { attempt: { customerId: 'c' }, terms: { perCustomerLimit: 1 }, uses: { customer: 1 } },
  ],
  ['receipt.below-minimum', 'the receipt is too small', { terms: { minimumSpend: 5001n } }],
  ['receipt.already-used', 'the code is on this receipt', { uses: { onThisReceipt: true } }],
];

describe('judgeRedemption refuses', () => {
  it.each(['malformed', 'unknown', 'not-yours'] as const)('a code that is %s, before all else', (kind) => {
    const [, , uses] = build();
    const state: CodeState = { kind };
    const verdict = judgeRedemption(buildAttempt({ channelAllowed: false }), state, uses);
    expect(verdict).toEqual({ kind: 'refused', reason: `code.${kind}` });
  });

  it.each(FLAWS)('%s when %s', (reason, _when, flaw) => {
    expect(judge(flaw)).toEqual({ kind: 'refused', reason });
  });

  it('campaign.not-active when no version of the terms was approved', () => {
    expect(outcome({ offer: { versions: [] } })).toBe('campaign.not-active');
    expect(outcome({ offer: { versions: [] }, code: { revokedAt: NOW } })).toBe('code.revoked');
  });

  it('campaign.ended when the last day of redemption has passed', () => {
    expect(outcome({ terms: { redeemBefore: NOW - DAY } })).toBe('campaign.ended');
  });

  it('occurred.too-old for every offline report under the policy "refuse"', () => {
    const terms: Partial<OfferTerms> = { offlinePolicy: { mode: 'refuse', maxDelayHours: 72 } };
    expect(outcome({ terms, attempt: { offline: true } })).toBe('occurred.too-old');
    expect(outcome({ terms })).toBe('accepted');
  });

  it('with the first reason of the list when several apply', () => {
    for (const [rank, [reason]] of FLAWS.entries()) {
      // an attempt cannot be both in the future and too old, nor nameless and a known customer: the earlier flaw is laid on top
      const flaws = FLAWS.slice(rank).reduceRight((all, [, , flaw]) => merge(all, flaw), {} as Situation);
      const isNameless = reason !== 'customer.limit-reached';
      const attempt = { ...flaws.attempt, ...(isNameless ? { customerId: null } : {}) };
      expect(outcome({ ...flaws, attempt })).toBe(reason);
    }
  });

  it('for every reason of the list', () => {
    const tested = [...FLAWS.map(([reason]) => reason), 'code.malformed', 'code.unknown', 'code.not-yours'];
    expect(tested.sort()).toEqual([...REFUSAL_REASONS].sort());
  });
});

describe('judgeRedemption at a boundary instant', () => {
  it.each<[string, (at: number) => Situation, string, string]>([
    ['terms start at', (at) => ({ terms: { startsAt: at } }), 'accepted', 'campaign.not-active'],
    ['terms stop before', (at) => ({ terms: { redeemBefore: at } }), 'campaign.ended', 'accepted'],
    ['a campaign ends at', (at) => ({ offer: { endedAt: at } }), 'campaign.ended', 'accepted'],
    [
      'a pause begins at',
      (at) => ({ offer: { pauses: [{ from: at, to: null }] } }),
      'campaign.paused',
      'accepted',
    ],
    [
      'a pause is over at',
      (at) => ({ offer: { pauses: [{ from: 0, to: at }] } }),
      'accepted',
      'campaign.paused',
    ],
    ['a code starts at', (at) => ({ code: { startsAt: at } }), 'accepted', 'code.not-started'],
    ['a code expires at', (at) => ({ code: { expiresAt: at } }), 'code.expired', 'accepted'],
    ['a code is revoked at', (at) => ({ code: { revokedAt: at } }), 'code.revoked', 'accepted'],
  ])('%s its instant, not a millisecond earlier or later', (_what, situationAt, atInstant, justBefore) => {
    expect(outcome(situationAt(NOW))).toBe(atInstant);
    expect(outcome(situationAt(NOW + 1))).toBe(justBefore);
  });

  it('a till clock may run five minutes ahead, not more', () => {
    expect(outcome({ attempt: { occurredAt: NOW + 5 * MINUTE } })).toBe('accepted');
    expect(outcome({ attempt: { occurredAt: NOW + 5 * MINUTE + 1 } })).toBe('occurred.in-future');
    expect(outcome({ attempt: { occurredAt: NOW + 5 * MINUTE + 1, offline: true } })).toBe(
      'occurred.in-future',
    );
  });

  it.each([true, false])('a report may be exactly as late as the policy allows (offline: %s)', (offline) => {
    expect(outcome({ attempt: { offline, occurredAt: NOW - 72 * HOUR } })).toBe('accepted');
    expect(outcome({ attempt: { offline, occurredAt: NOW - 72 * HOUR - 1 } })).toBe('occurred.too-old');
  });

  it('an online post may be a day late although the policy for offline tills is shorter', () => {
    const terms: Partial<OfferTerms> = { offlinePolicy: { mode: 'accept', maxDelayHours: 1 } };
    expect(outcome({ terms, attempt: { occurredAt: NOW - 24 * HOUR } })).toBe('accepted');
    expect(outcome({ terms, attempt: { occurredAt: NOW - 24 * HOUR - 1 } })).toBe('occurred.too-old');
  });

  it('a limit admits as many as it says', () => {
    expect(outcome({ terms: { totalLimit: 5 }, uses: { offer: 4 } })).toBe('accepted');
    expect(outcome({ terms: { dailyLimit: 5 }, uses: { offerToday: 4 } })).toBe('accepted');
    expect(outcome({ code: { maxRedemptions: 5 }, uses: { code: 4 } })).toBe('accepted');
    const attempt = { customerId: 'c' };
    expect(outcome({ attempt, terms: { perCustomerLimit: 5 }, uses: { customer: 4 } })).toBe('accepted');
  });

  it('a receipt of exactly the minimum spend is enough', () => {
    expect(outcome({ terms: { minimumSpend: 5000n } })).toBe('accepted');
  });
});

describe('judgeRedemption and the clock', () => {
  it('judges an online attempt by when it was received, whatever the till says', () => {
    const attempt = { occurredAt: NOW - 2 * HOUR };
    expect(outcome({ attempt, terms: { redeemBefore: NOW - HOUR } })).toBe('campaign.ended');
    expect(outcome({ attempt, terms: { startsAt: NOW - HOUR } })).toBe('accepted');
  });

  it('judges an offline attempt by when it occurred', () => {
    const attempt = { occurredAt: NOW - 2 * HOUR, offline: true };
    expect(outcome({ attempt, terms: { redeemBefore: NOW - HOUR } })).toBe('accepted');
    expect(outcome({ attempt, terms: { startsAt: NOW - HOUR } })).toBe('campaign.not-active');
    expect(outcome({ attempt, code: { revokedAt: NOW - HOUR } })).toBe('accepted');
  });

  it('uses the version of the terms that was in force when an offline sale happened', () => {
    const versions = [
      buildTerms({ version: 1 }),
      buildTerms({
        version: 2,
        approvedAt: NOW - HOUR,
        reward: { kind: 'percent', value: parseRatio('20') },
      }),
    ];
    const decided = (attempt: Partial<Attempt>) => judge({ attempt, offer: { versions } });
    const sale = { occurredAt: NOW - 2 * HOUR };
    expect(decided({ ...sale, offline: true })).toMatchObject({ terms: { version: 1 }, discount: 500n });
    expect(decided({ ...sale, offline: false })).toMatchObject({ terms: { version: 2 }, discount: 1000n });
    expect(decided({ occurredAt: NOW - HOUR, offline: true })).toMatchObject({ terms: { version: 2 } });
  });
});

describe('judgeRedemption under the policy "honour"', () => {
  const honour: Partial<OfferTerms> = {
    offlinePolicy: { mode: 'honour', maxDelayHours: 72, bearer: 'funders' },
  };
  const isLimit = ([reason]: (typeof FLAWS)[number]) => /used-up|limit-reached|exhausted/.test(reason);

  it.each(FLAWS.filter(isLimit))('accepts an offline sale despite %s and says so', (reason, _when, flaw) => {
    const situation = merge(flaw, { terms: honour });
    expect(judge(merge(situation, { attempt: { offline: true } }))).toMatchObject({
      kind: 'accepted',
      honouredOverLimit: true,
    });
    expect(outcome(situation)).toBe(reason);
  });

  it.each(FLAWS.filter((flaw) => !isLimit(flaw)))('still refuses %s when %s', (reason, _when, flaw) => {
    expect(outcome(merge(flaw, { attempt: { offline: true }, terms: honour }))).toBe(reason);
  });

  it('does not hide another reason behind a limit', () => {
    const situation = { attempt: { offline: true }, uses: { code: 1, onThisReceipt: true }, terms: honour };
    expect(outcome(situation)).toBe('receipt.already-used');
  });

  it('is not over a limit when there was still a use left', () => {
    expect(judge({ attempt: { offline: true }, terms: honour })).toMatchObject({ honouredOverLimit: false });
  });
});

describe('judgeRedemption rewards', () => {
  it('gives the computed discount when the till does not say what it took', () => {
    const terms: Partial<OfferTerms> = { maximumDiscount: 400n };
    expect(judge({ terms })).toMatchObject({ computedDiscount: 400n, discount: 400n });
  });

  it('keeps what the till took beside what the reward comes to', () => {
    const attempt = { discountTaken: 450n };
    expect(judge({ attempt })).toMatchObject({ computedDiscount: 500n, discount: 450n });
  });

  it('takes a stated discount of nothing at its word', () => {
    expect(judge({ attempt: { discountTaken: 0n } })).toMatchObject({ computedDiscount: 500n, discount: 0n });
  });

  it.each<[OfferTerms['reward'], bigint]>([
    [{ kind: 'amount', value: { minor: 300n, currency: 'EUR' } }, 300n],
    [{ kind: 'gift', label: 'espresso', unitCost: null }, 0n],
    [{ kind: 'bonus_points', value: 100 }, 0n],
  ])('computes %o', (reward, computedDiscount) => {
    expect(judge({ terms: { reward } })).toMatchObject({ kind: 'accepted', computedDiscount });
  });
});

describe('judgeRedemption on any attempt', () => {
  const instant = fc.constantFrom(NOW - 80 * HOUR, NOW - HOUR, NOW, NOW + HOUR);
  const bound = fc.option(instant);
  const limit = fc.option(fc.integer({ min: 1, max: 2 }));
  const used = fc.integer({ min: 0, max: 2 });
  const terms = fc.record({
    startsAt: instant,
    redeemBefore: instant,
    offlinePolicy: fc
      .tuple(fc.constantFrom('refuse' as const, 'accept' as const, 'honour' as const), fc.constantFrom(1, 72))
      .map(([offlineMode, maxDelayHours]) =>
        toOfflinePolicy({ offlineMode, maxDelayHours, offlineBearer: 'funders' }),
      ),
    maximumDiscount: fc.option(fc.bigInt({ min: 1n, max: 800n })),
    totalLimit: limit,
    dailyLimit: limit,
    perCustomerLimit: limit,
  });
  const situation: fc.Arbitrary<Situation> = fc.record({
    attempt: fc.record({
      channelAllowed: fc.boolean(),
      occurredAt: instant,
      offline: fc.boolean(),
      subtotal: fc.bigInt({ min: 0n, max: 10_000n }),
      customerId: fc.option(fc.constant('c')),
    }),
    code: fc.record({ startsAt: bound, expiresAt: bound, revokedAt: bound }),
    offer: fc.record({ endedAt: bound }),
    terms,
    uses: fc.record({
      code: used,
      offer: used,
      offerToday: used,
      customer: used,
      onThisReceipt: fc.boolean(),
    }),
  });

  it('answers the same every time and leaves its arguments alone', () => {
    fc.assert(
      fc.property(situation, (any) => {
        const [attempt, code, uses] = build(any);
        const first = judgeRedemption(attempt, code, uses);
        expect(judgeRedemption(attempt, code, uses)).toEqual(first);
        expect([attempt, code, uses]).toEqual(build(any));
      }),
    );
  });

  it('never computes a discount above the maximum or the receipt', () => {
    const likely = situation.map((any) => ({
      ...any,
      code: {},
      offer: {},
      uses: {},
      terms: { maximumDiscount: any.terms?.maximumDiscount ?? null },
    }));
    fc.assert(
      fc.property(likely, (any) => {
        const verdict = judge(merge(any, { attempt: { channelAllowed: true, occurredAt: NOW } }));
        if (verdict.kind !== 'accepted') throw new Error(JSON.stringify(verdict));
        const maximum = verdict.terms.maximumDiscount;
        expect(verdict.computedDiscount <= (any.attempt?.subtotal ?? 0n)).toBe(true);
        expect(maximum === null || verdict.computedDiscount <= maximum).toBe(true);
      }),
    );
  });
});
