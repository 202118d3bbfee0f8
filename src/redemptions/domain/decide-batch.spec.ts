import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '../../kernel/period.js';
import { judgingInstant, type Attempt } from './attempt.js';
import { type OfferState, type OfferTerms, toOfflinePolicy } from '../../campaigns/domain/offer-state.js';
import { codeLimit, type CodeState, type KnownCode } from './code-state.js';
import {
  decideBatch,
  type BatchDecision,
  type BatchItem,
  type Claims,
  type Counters,
} from './decide-batch.js';
import { customerKey, offerDayKey } from './uses.js';

const NOW = Date.UTC(2026, 4, 20, 12);
const DAY = 24 * 60 * 60 * 1000;

function buildAttempt(overrides: Partial<Attempt> = {}): Attempt {
  return {
    externalId: 'till-1-0001',
    channelAllowed: true,
    occurredAt: NOW,
    receivedAt: NOW,
    offline: false,
    receiptKey: 'till-1|0001',
    subtotal: 5000n,
    discountTaken: null,
    customerId: null,
    ...overrides,
  };
}

function buildOffer(overrides: Partial<OfferTerms> = {}, offerId = 'offer'): OfferState {
  const terms: OfferTerms = {
    version: 1,
    approvedAt: NOW - 60 * DAY,
    startsAt: NOW - 30 * DAY,
    redeemBefore: NOW + 30 * DAY,
    timeZone: 'Asia/Tokyo',
    offlinePolicy: { mode: 'accept', maxDelayHours: 72 },
    reward: { kind: 'amount', value: { minor: 100n, currency: 'EUR' } },
    minimumSpend: null,
    maximumDiscount: null,
    perCodeLimit: null,
    perCustomerLimit: null,
    totalLimit: null,
    dailyLimit: null,
    ...overrides,
  };
  return { offerId, versions: [terms], pauses: [], endedAt: null };
}

function buildWord(offer: OfferState, overrides: Partial<KnownCode> = {}): KnownCode {
  return {
    kind: 'known',
    codeId: 'word',
    codeKind: 'code_word',
    maxRedemptions: null,
    startsAt: null,
    expiresAt: null,
    revokedAt: null,
    offer,
    ...overrides,
  };
}

/** What the database would answer after these claims and accepted receipts. */
function countersAfter(claims?: Claims, receipts: ReadonlySet<string> = new Set()): Counters {
  return {
    code: (codeId) => claims?.codes.get(codeId) ?? 0,
    offer: (offerId) => claims?.offers.get(offerId) ?? 0,
    offerDay: (offerId, day) => claims?.offerDays.get(offerDayKey(offerId, day)) ?? 0,
    customer: (offerId, customerId) => claims?.customers.get(customerKey(offerId, customerId)) ?? 0,
    usedOnReceipt: (codeId, receiptKey) => receipts.has(`${codeId} on ${receiptKey}`),
  };
}

/** Every accepted code and receipt of a decided batch, once per acceptance. */
function acceptedReceipts(items: readonly BatchItem[], { verdicts }: BatchDecision): string[] {
  return items.flatMap(({ attempt, code }, index) =>
    verdicts[index]?.kind === 'accepted' && code.kind === 'known'
      ? [`${code.codeId} on ${attempt.receiptKey}`]
      : [],
  );
}

function outcomes({ verdicts }: BatchDecision): string[] {
  return verdicts.map((verdict) => (verdict.kind === 'refused' ? verdict.reason : verdict.kind));
}

function sum(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): Map<string, number> {
  const total = new Map(one);
  for (const [key, count] of other) total.set(key, (total.get(key) ?? 0) + count);
  return total;
}

const limit = fc.option(fc.integer({ min: 1, max: 4 }));
const offlinePolicy = fc
  .tuple(fc.constantFrom('accept' as const, 'honour' as const), fc.constantFrom(24, 72))
  .map(([offlineMode, maxDelayHours]) =>
    toOfflinePolicy({ offlineMode, maxDelayHours, offlineBearer: 'redeemer' }),
  );

function anyOffer(offerId: string): fc.Arbitrary<OfferState> {
  return fc
    .record({
      totalLimit: limit,
      dailyLimit: limit,
      perCustomerLimit: limit,
      perCodeLimit: limit,
      minimumSpend: fc.option(fc.constant(2000n)),
      offlinePolicy,
    })
    .map((terms) => buildOffer(terms, offerId));
}

function anyCode(codeId: string, offer: OfferState): fc.Arbitrary<KnownCode> {
  const codeKind = fc.constantFrom('coupon' as const, 'code_word' as const);
  return fc.record({ codeKind, maxRedemptions: limit }).map((own) => buildWord(offer, { codeId, ...own }));
}

const anyAttempt = fc
  .record({
    channelAllowed: fc.nat({ max: 9 }).map((tenth) => tenth > 0),
    occurredAt: fc.constantFrom(NOW - 2 * DAY, NOW - DAY, NOW),
    offline: fc.boolean(),
    receiptKey: fc.constantFrom('till|1', 'till|2', 'till|3', 'till|4', 'till|5', 'till|6'),
    subtotal: fc.constantFrom(1000n, 5000n),
    customerId: fc.option(fc.constantFrom('ann', 'bob')),
  })
  .map(buildAttempt);

/** Up to 40 attempts on five codes of two offers, in any order, with unknown codes in between. */
const anyBatch: fc.Arbitrary<BatchItem[]> = fc.tuple(anyOffer('one'), anyOffer('two')).chain(([one, two]) => {
  const codes = fc.tuple(
    anyCode('a', one),
    anyCode('b', one),
    anyCode('c', one),
    anyCode('d', two),
    anyCode('e', two),
  );
  return codes.chain((known) => {
    const code = fc.constantFrom<CodeState>(...known, { kind: 'unknown' });
    return fc.array(fc.record({ attempt: anyAttempt, code }), { maxLength: 40 });
  });
});

describe('decideBatch', () => {
  it('counts uses within the batch on top of what the database said', () => {
    const code = buildWord(buildOffer({ totalLimit: 3 }));
    const counters: Counters = { ...countersAfter(), offer: () => 1 };
    const items = ['1', '2', '3'].map((receiptKey) => ({ attempt: buildAttempt({ receiptKey }), code }));
    const decision = decideBatch(items, counters);
    expect(outcomes(decision)).toEqual(['accepted', 'accepted', 'offer.limit-reached']);
    expect(decision.claims.offers).toEqual(new Map([['offer', 2]]));
    expect(decision.claims.codes).toEqual(new Map([['word', 2]]));
  });

  it("counts a day by the offer's calendar, not by UTC", () => {
    // 14:59 and 15:01 UTC are 23:59 and 00:01 in Tokyo
    const code = buildWord(buildOffer({ dailyLimit: 1 }));
    const at = (minute: number) => NOW + 3 * 60 * 60_000 + minute * 60_000;
    const items = [-2, -1, 1, 2].map((minute) => ({
      attempt: buildAttempt({ receiptKey: `${minute}`, occurredAt: at(minute), receivedAt: at(minute) }),
      code,
    }));
    const decision = decideBatch(items, countersAfter());
    const full = 'offer.daily-limit-reached';
    expect(outcomes(decision)).toEqual(['accepted', full, 'accepted', full]);
    expect([...decision.claims.offerDays]).toEqual([
      ['offer|2026-05-20', 1],
      ['offer|2026-05-21', 1],
    ]);
  });

  it('counts an offline sale on the day it happened, an online one on the day it reached us', () => {
    const code = buildWord(buildOffer({ dailyLimit: 1 }));
    const sales = [true, false, true, false].map((offline, index) => ({
      attempt: buildAttempt({ receiptKey: `${index}`, offline, occurredAt: NOW - DAY }),
      code,
    }));
    const full = 'offer.daily-limit-reached';
    expect(outcomes(decideBatch(sales, countersAfter()))).toEqual(['accepted', 'accepted', full, full]);
  });

  it('counts the day even without a daily limit, so that a limit agreed at noon knows the morning', () => {
    const { claims } = decideBatch(
      [{ attempt: buildAttempt(), code: buildWord(buildOffer()) }],
      countersAfter(),
    );
    expect([...claims.offerDays.values()]).toEqual([1]);
  });

  it('counts a known customer even without a limit, so that a later limit counts earlier uses', () => {
    const code = buildWord(buildOffer());
    const { claims } = decideBatch([{ attempt: buildAttempt({ customerId: 'ann' }), code }], countersAfter());
    expect([...claims.customers]).toEqual([['offer|ann', 1]]);
  });

  it('claims nothing for a refusal', () => {
    const code = buildWord(buildOffer({ dailyLimit: 5, minimumSpend: 5001n }));
    const { claims } = decideBatch([{ attempt: buildAttempt({ customerId: 'ann' }), code }], countersAfter());
    expect(Object.values(claims).map((counts) => counts.size)).toEqual([0, 0, 0, 0]);
  });

  it('claims nothing for a sale honoured over a limit, but takes its receipt', () => {
    const code = buildWord(
      buildOffer({ totalLimit: 1, offlinePolicy: { mode: 'honour', maxDelayHours: 72, bearer: 'redeemer' } }),
    );
    const items = ['1', '2', '2'].map((receiptKey) => ({
      attempt: buildAttempt({ receiptKey, offline: true }),
      code,
    }));
    const decision = decideBatch(items, countersAfter());
    expect(outcomes(decision)).toEqual(['accepted', 'accepted', 'receipt.already-used']);
    expect(decision.verdicts[1]).toMatchObject({ honouredOverLimit: true });
    expect(decision.claims.offers).toEqual(new Map([['offer', 1]]));
  });

  it('takes two different codes on one receipt', () => {
    const offer = buildOffer();
    const items = ['one', 'two'].map((codeId) => ({
      attempt: buildAttempt(),
      code: buildWord(offer, { codeId }),
    }));
    expect(outcomes(decideBatch(items, countersAfter()))).toEqual(['accepted', 'accepted']);
  });

  it('takes one code on two receipts with the same number at different tills', () => {
    const code = buildWord(buildOffer());
    const items = ['till-1|7', 'till-2|7'].map((receiptKey) => ({
      attempt: buildAttempt({ receiptKey }),
      code,
    }));
    expect(outcomes(decideBatch(items, countersAfter()))).toEqual(['accepted', 'accepted']);
  });

  it('refuses a code the database has seen on the receipt', () => {
    const code = buildWord(buildOffer());
    const counters = countersAfter(undefined, new Set(['word on till-1|0001']));
    expect(outcomes(decideBatch([{ attempt: buildAttempt(), code }], counters))).toEqual([
      'receipt.already-used',
    ]);
  });

  it('decides an empty batch', () => {
    expect(decideBatch([], countersAfter()).verdicts).toEqual([]);
  });
});

describe('decideBatch on any batch', () => {
  it('exceeds no limit of a code, an offer, a day or a customer', () => {
    fc.assert(
      fc.property(anyBatch, (items) => {
        const { verdicts } = decideBatch(items, countersAfter());
        const counts = new Map<string, { used: number; limit: number | null }>();
        const take = (counter: string, most: number | null) =>
          counts.set(counter, { used: (counts.get(counter)?.used ?? 0) + 1, limit: most });
        for (const [index, { attempt, code }] of items.entries()) {
          const verdict = verdicts[index];
          if (code.kind !== 'known' || verdict?.kind !== 'accepted' || verdict.honouredOverLimit) continue;
          const { terms } = verdict;
          const { offerId } = code.offer;
          take(`code ${code.codeId}`, codeLimit(code, terms));
          take(`offer ${offerId}`, terms.totalLimit);
          take(`day ${offerId} ${localDate(judgingInstant(attempt), terms.timeZone)}`, terms.dailyLimit);
          if (attempt.customerId !== null)
            take(`by ${offerId} ${attempt.customerId}`, terms.perCustomerLimit);
        }
        const exceeded = [...counts.values()].filter(
          (count) => count.limit !== null && count.used > count.limit,
        );
        expect(exceeded).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('claims exactly one use of each counter for every acceptance that is not over a limit', () => {
    fc.assert(
      fc.property(anyBatch, (items) => {
        const { verdicts, claims } = decideBatch(items, countersAfter());
        const counted = items.filter((_item, index) => {
          const verdict = verdicts[index];
          return verdict?.kind === 'accepted' && !verdict.honouredOverLimit;
        });
        const total = (counts: Map<string, number>) =>
          [...counts.values()].reduce((all, count) => all + count, 0);
        expect(total(claims.codes)).toBe(counted.length);
        expect(total(claims.offers)).toBe(counted.length);
        expect(total(claims.customers)).toBe(
          counted.filter(({ attempt }) => attempt.customerId !== null).length,
        );
      }),
    );
  });

  it('accepts exactly as many as the limit leaves room for', () => {
    const kinds = {
      code: (most: number) => buildWord(buildOffer(), { maxRedemptions: most }),
      offer: (most: number) => buildWord(buildOffer({ totalLimit: most })),
      day: (most: number) => buildWord(buildOffer({ dailyLimit: most })),
      customer: (most: number) => buildWord(buildOffer({ perCustomerLimit: most })),
    };
    const flaw = fc.constantFrom<Partial<Attempt>>(
      {},
      {},
      {},
      { channelAllowed: false },
      { occurredAt: NOW - 4 * DAY },
    );
    const kind = fc.constantFrom('code' as const, 'offer' as const, 'day' as const, 'customer' as const);
    const most = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        kind,
        most,
        fc.nat({ max: 6 }),
        fc.array(flaw, { maxLength: 30 }),
        (by, limited, before, flaws) => {
          const used = Math.min(before, limited);
          const counters: Counters = {
            ...countersAfter(),
            code: () => used,
            offer: () => used,
            offerDay: () => used,
            customer: () => used,
          };
          const code = kinds[by](limited);
          const items = flaws.map((overrides, index) => ({
            attempt: buildAttempt({ receiptKey: `till|${index}`, customerId: 'ann', ...overrides }),
            code,
          }));
          const eligible = flaws.filter((overrides) => Object.keys(overrides).length === 0).length;
          const accepted = decideBatch(items, counters).verdicts.filter(
            (verdict) => verdict.kind === 'accepted',
          );
          expect(accepted.length).toBe(Math.min(limited - used, eligible));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('accepts one code at most once per receipt', () => {
    fc.assert(
      fc.property(anyBatch, (items) => {
        const accepted = acceptedReceipts(items, decideBatch(items, countersAfter()));
        expect(new Set(accepted).size).toBe(accepted.length);
      }),
    );
  });

  it('decided in two halves, the second after the first, gives what the whole gives', () => {
    const cut = anyBatch.chain((items) => fc.tuple(fc.constant(items), fc.nat({ max: items.length })));
    fc.assert(
      fc.property(cut, ([items, at]) => {
        const whole = decideBatch(items, countersAfter());
        const first = decideBatch(items.slice(0, at), countersAfter());
        const receipts = new Set(acceptedReceipts(items.slice(0, at), first));
        const second = decideBatch(items.slice(at), countersAfter(first.claims, receipts));
        expect([...first.verdicts, ...second.verdicts]).toEqual(whole.verdicts);
        for (const counter of ['codes', 'offers', 'offerDays', 'customers'] as const) {
          expect(sum(first.claims[counter], second.claims[counter])).toEqual(whole.claims[counter]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('answers the same every time', () => {
    fc.assert(
      fc.property(anyBatch, (items) => {
        expect(decideBatch(items, countersAfter())).toEqual(decideBatch(items, countersAfter()));
      }),
    );
  });
});
