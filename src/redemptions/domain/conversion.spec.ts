import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRatio, ratio } from '../../kernel/ratio.js';
import { minorRatio } from '../../rates/domain/exchange-rate.js';
import type { Budget } from '../../campaigns/domain/budget.js';
import type { OfferTerms } from '../../campaigns/domain/offer-state.js';
import type { Reward } from '../../campaigns/domain/reward.js';
import { buildAttempt, buildOffer, buildWord } from '../../../test/support/decision-builders.js';
import { type Conversion, inCampaignCurrency, lacksRate, termsAtTill } from './conversion.js';
import { judgeRedemption } from './judge-redemption.js';
import type { Uses } from './uses.js';

const eur = (minor: bigint) => ({ minor, currency: 'EUR' });
const at = (base: string, rate: string): Conversion => ({
  kind: 'rate',
  perMinor: minorRatio({ base, quote: 'EUR', rate }),
  currency: base,
});
/** 1 USD = 0.80 EUR, 1 JPY = 0.00625 EUR (160 to the euro), 1 KWD = 3.00 EUR. */
const USD = at('USD', '0.8');
const JPY = at('JPY', '0.00625');
const KWD = at('KWD', '3');
const UNKNOWN: Conversion = { kind: 'unknown' };

const TEN_PERCENT: Reward = { kind: 'percent', value: parseRatio('10') };
const FIVE_EUROS: Reward = { kind: 'amount', value: eur(5_00n) };
const cap = (amount: bigint): Budget => ({
  ...{ total: { amount: eur(amount), redemptions: null } },
  ...{ perOffer: null, perChannel: null, perDay: null },
});
const termsOf = (overrides: Partial<OfferTerms>) => buildOffer(overrides).versions[0]!;
const NONE_TAKEN: Uses = {
  ...{ code: 0, offer: 0, offerToday: 0, customer: 0, onThisReceipt: false, reservation: 'fine' },
  budget: null,
};
const spentSoFar = (spent: bigint): Uses => {
  const taken = { uses: 1, spent };
  return { ...NONE_TAKEN, budget: { total: taken, perOffer: taken, perChannel: taken, perDay: taken } };
};
const judge = (
  conversion: Conversion,
  subtotal: bigint,
  terms: Partial<OfferTerms>,
  uses = NONE_TAKEN,
  attempt = {},
) => {
  const verdict = judgeRedemption(
    buildAttempt({ subtotal, conversion, ...attempt }),
    buildWord(buildOffer(terms)),
    uses,
  );
  if (verdict.kind === 'accepted') return `${verdict.discount} for ${verdict.cost}`;
  return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
};

describe('a receipt in another currency', () => {
  it('gets its percentage in its own currency, and the budget pays in that of the campaign', () => {
    // 10 % of 50.00 USD = 5.00 USD = 4.00 EUR; of 8,000 JPY = 800 JPY = 5.00 EUR; of 10.005 KWD = 1.000 KWD = 3.00 EUR.
    expect(judge(USD, 50_00n, { reward: TEN_PERCENT })).toBe('500 for 400');
    expect(judge(JPY, 8_000n, { reward: TEN_PERCENT })).toBe('800 for 500');
    expect(judge(KWD, 10_005n, { reward: TEN_PERCENT })).toBe('1000 for 300');
  });

  it('gets an agreed amount in its own currency: 5.00 EUR are 6.25 USD, 800 JPY, 1.667 KWD', () => {
    expect(judge(USD, 50_00n, { reward: FIVE_EUROS })).toBe('625 for 500');
    expect(judge(JPY, 8_000n, { reward: FIVE_EUROS })).toBe('800 for 500');
    expect(judge(KWD, 20_000n, { reward: FIVE_EUROS })).toBe('1667 for 500');
  });

  it('reaches a minimum spend of 40.00 EUR at 50.00 USD, and not a cent below', () => {
    expect(judge(USD, 50_00n, { reward: TEN_PERCENT, minimumSpend: 40_00n })).toBe('500 for 400');
    expect(judge(USD, 49_99n, { reward: TEN_PERCENT, minimumSpend: 40_00n })).toBe('receipt.below-minimum');
  });

  it('is capped at a maximum discount of 2.00 EUR, which are 2.50 USD', () => {
    expect(judge(USD, 50_00n, { reward: TEN_PERCENT, maximumDiscount: 2_00n })).toBe('250 for 200');
  });

  it('takes the last of a budget in the currency of the campaign, and not a cent more', () => {
    const terms = { reward: TEN_PERCENT, budget: cap(10_00n) };
    expect(judge(USD, 50_00n, terms, spentSoFar(6_00n))).toBe('500 for 400');
    expect(judge(USD, 50_00n, terms, spentSoFar(6_01n))).toBe('budget.exhausted');
  });

  it('pays a gift at the price that was agreed', () => {
    const gift: Reward = { kind: 'gift', label: 'mug', unitCost: eur(3_00n) };
    expect(judge(USD, 50_00n, { reward: gift })).toBe('0 for 300');
    expect(judge(UNKNOWN, 50_00n, { reward: gift, budget: cap(3_00n) }, spentSoFar(0n))).toBe('0 for 300');
    expect(judge(UNKNOWN, 50_00n, { reward: gift, budget: cap(3_00n) }, spentSoFar(1n))).toBe(
      'budget.exhausted',
    );
  });
});

describe('without a rate', () => {
  it('a plain percentage is given all the same, and costs the budget nothing that anybody could name', () => {
    expect(judge(UNKNOWN, 50_00n, { reward: TEN_PERCENT })).toBe('500 for 0');
  });

  it.each<[string, Partial<OfferTerms>]>([
    ['an amount off', { reward: FIVE_EUROS }],
    ['a minimum spend', { reward: TEN_PERCENT, minimumSpend: 1n }],
    ['a maximum discount', { reward: TEN_PERCENT, maximumDiscount: 1n }],
    ['a budget of money', { reward: TEN_PERCENT, budget: cap(10n ** 12n) }],
  ])('%s leaves it undecided', (_, terms) => {
    expect(judge(UNKNOWN, 50_00n, terms, spentSoFar(0n))).toBe('undecided');
  });

  it('a budget of redemptions decides', () => {
    const budget = { ...cap(1n), total: { amount: null, redemptions: 2 } };
    expect(judge(UNKNOWN, 50_00n, { reward: TEN_PERCENT, budget }, spentSoFar(0n))).toBe('500 for 0');
  });

  it('a reason that no rate could change is told as the refusal it is', () => {
    expect(judge(UNKNOWN, 50_00n, { reward: FIVE_EUROS, redeemBefore: 1 })).toBe('campaign.ended');
    const late = { ...NONE_TAKEN, onThisReceipt: true };
    expect(judge(UNKNOWN, 50_00n, { reward: FIVE_EUROS }, late)).toBe('receipt.already-used');
  });
});

const conversion = fc.oneof(
  fc.constant<Conversion>({ kind: 'same' }),
  fc.constant(UNKNOWN),
  fc
    .tuple(fc.bigInt({ min: 1n, max: 10n ** 9n }), fc.bigInt({ min: 1n, max: 10n ** 9n }))
    .map(([n, d]): Conversion => ({ kind: 'rate', perMinor: ratio(n, d), currency: 'USD' })),
);
const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });
const anyTerms = fc.record({
  reward: fc.constantFrom(TEN_PERCENT, FIVE_EUROS),
  minimumSpend: fc.option(amount),
  maximumDiscount: fc.option(amount),
  budget: fc.option(amount.map(cap)),
});

describe('for any terms, receipt and rate', () => {
  it('the same currency changes nothing', () => {
    const terms = termsOf({ minimumSpend: 5n });
    expect(termsAtTill(terms, { kind: 'same' })).toBe(terms);
  });

  it('nothing is undecided while there is a rate, and nothing is accepted that hangs on a missing one', () => {
    fc.assert(
      fc.property(conversion, amount, anyTerms, (how, subtotal, terms) => {
        const outcome = judge(how, subtotal, terms, spentSoFar(0n));
        if (how.kind !== 'unknown') expect(outcome).not.toBe('undecided');
        else if (outcome.includes(' for '))
          expect(lacksRate(termsOf(terms), BigInt(outcome.split(' ')[0]!), how)).toBe(false);
      }),
    );
  });

  it('the discount is never above the receipt, and the cost is what it comes to', () => {
    fc.assert(
      fc.property(conversion, amount, anyTerms, (how, subtotal, terms) => {
        const outcome = judge(how, subtotal, terms, spentSoFar(0n));
        if (!outcome.includes(' for ')) return;
        const [discount, cost] = outcome.split(' for ').map((text) => BigInt(text)) as [bigint, bigint];
        expect(discount <= subtotal).toBe(true);
        expect(cost).toBe(inCampaignCurrency(discount, how) ?? 0n);
      }),
    );
  });
});
