import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '../../kernel/period.js';
import { judgingInstant, type Attempt } from './attempt.js';
import { type OfferState, toOfflinePolicy } from '../../campaigns/domain/offer-state.js';
import {
  acceptedReceipts,
  buildAttempt,
  buildOffer,
  buildReservation,
  buildWord,
  countersAfter,
  DAY,
  NOW,
  outcomes,
} from '../../../test/support/decision-builders.js';
import { codeLimit, type CodeState, type KnownCode } from './code-state.js';
import { decideBatch, type BatchItem, type Counters } from './decide-batch.js';
import type { Taken } from './uses.js';

const once: Taken = { uses: 1, spent: 100n };

function sum(one: ReadonlyMap<string, Taken>, other: ReadonlyMap<string, Taken>): Map<string, Taken> {
  const total = new Map(one);
  for (const [scope, { uses, spent }] of other) {
    const before = total.get(scope) ?? { uses: 0, spent: 0n };
    total.set(scope, { uses: before.uses + uses, spent: before.spent + spent });
  }
  return total;
}

const limit = fc.option(fc.integer({ min: 1, max: 4 }));
const offlinePolicy = fc
  .tuple(fc.constantFrom('accept' as const, 'honour' as const), fc.constantFrom(24, 72))
  .map(([offlineMode, maxDelayHours]) =>
    toOfflinePolicy({ offlineMode, maxDelayHours, offlineBearer: 'redeemer' }),
  );

const cap = fc.option(
  fc.record({
    amount: fc.option(
      fc.integer({ min: 1, max: 9 }).map((euro) => ({ minor: 60n * BigInt(euro), currency: 'EUR' })),
    ),
    redemptions: fc.option(fc.integer({ min: 1, max: 6 })),
  }),
);
const anyBudget = fc.option(fc.record({ total: cap, perOffer: cap, perChannel: cap, perDay: cap }));

/** Places that the attempts of a batch may name: three that are live, one that has run out and one that was released. */
const PLACES = [
  buildReservation({ id: 'r1', codeId: 'a', offerId: 'one', customerId: 'ann' }),
  buildReservation({ id: 'r2', codeId: 'd', offerId: 'two', channelId: 'till-2' }),
  buildReservation({ id: 'r3', codeId: 'b', offerId: 'one', day: '2026-05-19' }),
  buildReservation({ id: 'r4', codeId: 'a', offerId: 'one', expiresAt: NOW }),
  buildReservation({ id: 'r5', codeId: 'a', offerId: 'one', isOver: true }),
];

function anyOffer(offerId: string): fc.Arbitrary<OfferState> {
  return fc
    .record({
      totalLimit: limit,
      dailyLimit: limit,
      perCustomerLimit: limit,
      perCodeLimit: limit,
      minimumSpend: fc.option(fc.constant(2000n)),
      offlinePolicy,
      budget: anyBudget,
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
    channelId: fc.constantFrom('till-1', 'till-2'),
    discountTaken: fc.option(fc.constantFrom(0n, 40n, 700n)),
    reservationId: fc.option(fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'nobody'), { freq: 3 }),
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
    const counters: Counters = {
      ...countersAfter(),
      taken: (scope) => ({ uses: scope === 'offer' ? 1 : 0, spent: 0n }),
    };
    const items = ['1', '2', '3'].map((receiptKey) => ({ attempt: buildAttempt({ receiptKey }), code }));
    const decision = decideBatch(items, counters);
    expect(outcomes(decision)).toEqual(['accepted', 'accepted', 'offer.limit-reached']);
    expect(decision.claims.offers).toEqual(new Map([['offer', { uses: 2, spent: 200n }]]));
    expect(decision.claims.codes.get('word')?.uses).toBe(2);
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
      ['offer|2026-05-20', once],
      ['offer|2026-05-21', once],
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
    expect([...claims.offerDays.values()]).toEqual([once]);
  });

  it('counts a known customer even without a limit, so that a later limit counts earlier uses', () => {
    const code = buildWord(buildOffer());
    const { claims } = decideBatch([{ attempt: buildAttempt({ customerId: 'ann' }), code }], countersAfter());
    expect([...claims.customers]).toEqual([['offer|ann', once]]);
  });

  it('claims nothing for a refusal', () => {
    const code = buildWord(buildOffer({ dailyLimit: 5, minimumSpend: 5001n }));
    const { claims } = decideBatch([{ attempt: buildAttempt({ customerId: 'ann' }), code }], countersAfter());
    expect(Object.values(claims).map((counts) => counts.size)).toEqual([0, 0, 0, 0, 0, 0]);
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
    expect(decision.claims.offers).toEqual(new Map([['offer', once]]));
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
    const counters = countersAfter({ receipts: new Set(['word on till-1|0001']) });
    expect(outcomes(decideBatch([{ attempt: buildAttempt(), code }], counters))).toEqual([
      'receipt.already-used',
    ]);
  });

  it('keeps the last use for whoever reserved it', () => {
    const code = buildWord(buildOffer({ totalLimit: 1 }));
    const counters = countersAfter({ reservations: [buildReservation()] });
    const reservationIds = [null, 'reservation', 'reservation', null];
    const items = reservationIds.map((reservationId, index) => ({
      attempt: buildAttempt({ receiptKey: `${index}`, reservationId }),
      code,
    }));
    const decision = decideBatch(items, counters);
    expect(outcomes(decision)).toEqual([
      'offer.limit-reached',
      'accepted',
      'reservation.missing',
      'offer.limit-reached',
    ]);
    expect(decision.claims.reservations).toEqual(new Set(['reservation']));
    expect(decision.claims.offers).toEqual(new Map([['offer', once]]));
  });

  it('keeps a reservation that its attempt was refused with', () => {
    const code = buildWord(buildOffer({ minimumSpend: 5001n }));
    const counters = countersAfter({ reservations: [buildReservation()] });
    const decision = decideBatch(
      [{ attempt: buildAttempt({ reservationId: 'reservation' }), code }],
      counters,
    );
    expect(outcomes(decision)).toEqual(['receipt.below-minimum']);
    expect(decision.claims.reservations.size).toBe(0);
  });

  it('spends a budget of the campaign by both of its offers, and stops before it is passed', () => {
    const budget = {
      ...{ perOffer: null, perChannel: null, perDay: null },
      total: { amount: { minor: 250n, currency: 'EUR' }, redemptions: null },
    };
    const codes = ['one', 'two'].map((offerId) =>
      buildWord(buildOffer({ budget }, offerId), { codeId: offerId }),
    );
    const items = [0, 1, 0, 1].map((which, index) => ({
      attempt: buildAttempt({ receiptKey: `${index}`, discountTaken: index === 3 ? 50n : null }),
      code: codes[which]!,
    }));
    expect(outcomes(decideBatch(items, countersAfter()))).toEqual([
      'accepted',
      'accepted',
      'budget.exhausted',
      'accepted',
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

  it('passes no cap of a budget, whatever the order, with the places of others kept', () => {
    fc.assert(
      fc.property(anyBatch, (items) => {
        const { verdicts, claims } = decideBatch(items, countersAfter({ reservations: PLACES }));
        const after = countersAfter({ claims, reservations: PLACES });
        for (const [index, { attempt, code }] of items.entries()) {
          const verdict = verdicts[index];
          if (code.kind !== 'known' || verdict?.kind !== 'accepted' || verdict.honouredOverLimit) continue;
          const { budget, timeZone } = verdict.terms;
          const { offerId, campaignId } = code.offer;
          const scopes = {
            total: campaignId,
            perOffer: offerId,
            perChannel: `${campaignId}|${attempt.channelId}`,
            perDay: `${campaignId}|${localDate(judgingInstant(attempt), timeZone)}`,
          };
          for (const name of ['total', 'perOffer', 'perChannel', 'perDay'] as const) {
            const { uses, spent } = after.taken(scopes[name]);
            const isLast = items
              .slice(index + 1)
              .every((_, later) => verdicts[index + 1 + later]?.kind === 'refused');
            // Whoever came later may have been decided by terms without a budget: look at the state right after the last one.
            if (!isLast || budget?.[name] == null) continue;
            expect(uses).toBeLessThanOrEqual(budget[name].redemptions ?? Infinity);
            if (budget[name].amount !== null && verdict.cost > 0n)
              expect(spent <= budget[name].amount.minor).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('uses a reservation up at most once, and only for its own code', () => {
    fc.assert(
      fc.property(anyBatch, (items) => {
        const { verdicts, claims } = decideBatch(items, countersAfter({ reservations: PLACES }));
        const named = items.filter(
          ({ attempt }, index) =>
            attempt.reservationId !== null &&
            verdicts[index]?.kind === 'accepted' &&
            attempt.reservationId !== 'r4',
        );
        expect(named.length).toBe(claims.reservations.size);
        for (const { attempt, code } of named)
          expect(code).toMatchObject({
            codeId: PLACES.find(({ id }) => id === attempt.reservationId)?.codeId,
          });
      }),
      { numRuns: 500 },
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
        const total = (counts: ReadonlyMap<string, Taken>) =>
          [...counts.values()].reduce((all, { uses }) => all + uses, 0);
        expect(total(claims.codes)).toBe(counted.length);
        expect(total(claims.offers)).toBe(counted.length);
        expect(total(claims.offerChannels)).toBe(counted.length);
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
          const counters: Counters = { ...countersAfter(), taken: () => ({ uses: used, spent: 0n }) };
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
        const whole = decideBatch(items, countersAfter({ reservations: PLACES }));
        const first = decideBatch(items.slice(0, at), countersAfter({ reservations: PLACES }));
        const receipts = new Set(acceptedReceipts(items.slice(0, at), first));
        const second = decideBatch(
          items.slice(at),
          countersAfter({ claims: first.claims, receipts, reservations: PLACES }),
        );
        expect([...first.verdicts, ...second.verdicts]).toEqual(whole.verdicts);
        for (const counter of ['codes', 'offers', 'offerDays', 'offerChannels', 'customers'] as const) {
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
