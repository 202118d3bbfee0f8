import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PLAIN_ISSUANCE } from '../../campaigns/domain/agreement.js';
import type { IssuableOffer, TermsOfIssuance } from '../../campaigns/domain/issuable-offer.js';
import type { Money } from '../../kernel/money.js';
import {
  type IssuanceHistory,
  type IssuanceRequest,
  judgeIssuance,
  reachesCustomer,
} from './judge-issuance.js';

const eur = (minor: bigint): Money => ({ minor, currency: 'EUR' });
const CERTIFICATE = { ...PLAIN_ISSUANCE, minimumReceipt: eur(50_00n) };

const TERMS: TermsOfIssuance = {
  version: 1,
  startsAt: 1_000,
  issueBefore: 2_000,
  redeemBefore: 3_000,
  reward: { kind: 'bonus_points', value: 5 },
  totalLimit: null,
  issuance: PLAIN_ISSUANCE,
  holdOutShare: null,
};

interface Circumstances {
  readonly terms?: Partial<TermsOfIssuance>;
  readonly offer?: Partial<IssuableOffer>;
  readonly request?: Partial<IssuanceRequest>;
  readonly history?: Partial<IssuanceHistory>;
}

/** What the judge is asked with. */
function facts({
  terms,
  offer,
  request,
  history,
}: Circumstances): [IssuanceRequest, IssuableOffer, IssuanceHistory] {
  return [
    { channelAllowed: true, receiptTotal: null, ...request },
    {
      ...{ id: 'offer', campaignId: 'campaign', issuerPartnerId: 'market', redeemerPartnerId: 'fuel' },
      customerKey: new Uint8Array(),
      ...{ currency: 'EUR', timeZone: 'Europe/Berlin', now: 1_500, isPaused: false, endedAt: null },
      terms: { ...TERMS, ...terms },
      ...offer,
    },
    { offerUses: 0, receiptUsed: false, heldOut: false, ...history },
  ];
}

/** The reason, or 'allowed'. */
function judge(circumstances: Circumstances = {}): string {
  const verdict = judgeIssuance(...facts(circumstances));
  return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
}

describe('judgeIssuance', () => {
  it('allows a coupon of a running offer without a receipt when no receipt has to earn it', () => {
    expect(judge()).toBe('allowed');
  });

  it('allows from the first instant of the campaign to the last of its last day, not of its last day for redeeming', () => {
    const at = (now: number) => judge({ offer: { now } });
    expect([999, 1_000, 1_999, 2_000].map(at)).toEqual([
      'campaign.not-active',
      'allowed',
      'allowed',
      'campaign.ended',
    ]);
  });

  it('stops when the campaign is paused and when it was ended', () => {
    expect(judge({ offer: { isPaused: true } })).toBe('campaign.paused');
    expect(judge({ offer: { endedAt: 1_500 } })).toBe('campaign.ended');
    expect(judge({ offer: { endedAt: 1_501 } })).toBe('allowed');
  });

  it('never starts with terms that nobody has approved', () => {
    expect(judge({ offer: { terms: null } })).toBe('campaign.not-active');
    expect(judge({ offer: { terms: null, endedAt: 1_200 } })).toBe('campaign.ended');
  });

  it('wants the receipt to reach the minimum, to the cent', () => {
    const of = (receiptTotal: Money | null) =>
      judge({ terms: { issuance: CERTIFICATE }, request: { receiptTotal } });
    expect([null, eur(49_99n), eur(50_00n), eur(50_01n)].map(of)).toEqual([
      'receipt.required',
      'receipt.below-minimum',
      'allowed',
      'allowed',
    ]);
  });

  it('compares amounts of one currency only, and any currency will do where nothing is compared', () => {
    const receiptTotal = { minor: 99_00n, currency: 'USD' };
    expect(judge({ terms: { issuance: CERTIFICATE }, request: { receiptTotal } })).toBe('currency.mismatch');
    expect(judge({ request: { receiptTotal } })).toBe('allowed');
  });

  it('lets a receipt earn one coupon of an offer', () => {
    const history = { receiptUsed: true };
    expect(judge({ request: { receiptTotal: eur(60_00n) }, history })).toBe('receipt.already-used');
  });

  it('gives nothing to a customer who is held out, and says so before anything about the receipt', () => {
    const history = { heldOut: true };
    expect(judge({ history })).toBe('customer.held-out');
    expect(judge({ terms: { issuance: CERTIFICATE }, history })).toBe('customer.held-out');
    expect(judge({ offer: { isPaused: true }, history })).toBe('campaign.paused');
  });

  it('reaches the customer where nothing but the customer and the receipt can be in the way', () => {
    const reaches = (circumstances: Circumstances) => reachesCustomer(...facts(circumstances));
    expect(
      [{}, { terms: { issuance: CERTIFICATE } }, { history: { receiptUsed: true } }].map(reaches),
    ).toEqual([true, true, true]);
    expect(
      [
        { offer: { isPaused: true } },
        { offer: { terms: null } },
        { offer: { now: 2_000 } },
        { request: { channelAllowed: false } },
        { terms: { totalLimit: 1 }, history: { offerUses: 1 } },
      ].map(reaches),
    ).toEqual([false, false, false, false, false]);
  });

  it('hands out nothing that no till would take', () => {
    const used = (offerUses: number, totalLimit: number | null) =>
      judge({ terms: { totalLimit }, history: { offerUses } });
    expect([used(9, 10), used(10, 10), used(10, null)]).toEqual([
      'allowed',
      'offer.limit-reached',
      'allowed',
    ]);
  });

  it('keeps a channel to the keys that may act for it', () => {
    expect(judge({ request: { channelAllowed: false } })).toBe('channel.not-allowed');
  });

  it('names the reason that comes first when several are in the way', () => {
    const everything: Circumstances = {
      terms: { issuance: CERTIFICATE, totalLimit: 1, startsAt: 1_600 },
      offer: { isPaused: true, endedAt: 1_200 },
      request: { channelAllowed: false, receiptTotal: eur(1n) },
      history: { offerUses: 1, receiptUsed: true },
    };
    const mended = { ...everything, request: { ...everything.request, channelAllowed: true } };
    const running = { ...mended, offer: { isPaused: true }, terms: { ...everything.terms, startsAt: 0 } };
    expect([judge(everything), judge(mended)]).toEqual(['channel.not-allowed', 'campaign.ended']);
    expect([judge(running), judge({ ...running, offer: {} })]).toEqual([
      'campaign.paused',
      'offer.limit-reached',
    ]);
  });

  it('a larger receipt is never refused where a smaller one was enough', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });
    const total = (minor: bigint) =>
      judge({ terms: { issuance: CERTIFICATE }, request: { receiptTotal: eur(minor) } });
    fc.assert(
      fc.property(amount, amount, (one, more) => {
        if (total(one) === 'allowed') expect(total(one + more)).toBe('allowed');
      }),
    );
  });
});
