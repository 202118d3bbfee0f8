import { describe, expect, it } from '@jest/globals';
import { ratio } from '../../kernel/ratio.js';
import { type Agreement, type Offer, type OfferConditions, PLAIN_ISSUANCE } from './agreement.js';
import {
  changedFixedFields,
  checkAgreement,
  faultyControls,
  duplicateParticipants,
  MAX_OFFERS,
  unknownOffers,
} from './check-agreement.js';

const eur = (minor: bigint) => ({ minor, currency: 'EUR' });

function buildOffer(overrides: Partial<Omit<Offer, 'conditions'>> & Partial<OfferConditions> = {}): Offer {
  const { id = 'offer', issuerPartnerId = 'cafe', redeemerPartnerId = 'gym', ...conditions } = overrides;
  return {
    ...{ id, issuerPartnerId, redeemerPartnerId },
    conditions: {
      reward: { kind: 'percent', value: ratio(10n, 1n) },
      minimumSpend: null,
      maximumDiscount: null,
      perCodeLimit: null,
      perCustomerLimit: null,
      totalLimit: null,
      dailyLimit: null,
      issuance: PLAIN_ISSUANCE,
      ...conditions,
    },
  };
}

function buildAgreement(overrides: Partial<Agreement> = {}): Agreement {
  return {
    name: 'June',
    kind: 'tactical',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    participants: [
      { partnerId: 'cafe', role: 'wagon' },
      { partnerId: 'gym', role: 'locomotive' },
    ],
    terms: {
      startsOn: '2026-06-01',
      endsOn: '2026-06-30',
      redeemUntil: null,
      incomeBasis: 'revenue',
      newCustomerLookbackDays: 365,
      returningAfterDays: 0,
      attributionLookbackDays: 30,
      reversalPolicy: { returnUse: 'always', voidMinutes: null },
      offlinePolicy: { mode: 'accept', maxDelayHours: 72 },
      budget: null,
      controlChannels: [],
      reciprocityTolerance: null,
      holdOutShare: null,
      targets: [],
    },
    offers: [buildOffer()],
    ...overrides,
  };
}

/** Code and pointer of each fault; every offer is taken to stand in the request unless `named` says which do. */
function faults(agreement: Agreement, named = agreement.offers): string[] {
  const offerPointers = new Map(named.map(({ id }, index) => [id, `/offers/${index}`]));
  return checkAgreement({ agreement, offerPointers }).map(({ code, pointer }) => `${code} ${pointer}`);
}

describe('checkAgreement', () => {
  it('finds nothing wrong with an offer between participants in their currency', () => {
    expect(faults(buildAgreement())).toEqual([]);
  });

  it('lets a partner issue codes for itself', () => {
    expect(faults(buildAgreement({ offers: [buildOffer({ issuerPartnerId: 'gym' })] }))).toEqual([]);
  });

  it('wants targets to be about participants, and one for each metric of each', () => {
    const value = ratio(5n, 1n);
    const targets = [
      { metric: 'revenue' as const, partnerId: null, value },
      { metric: 'revenue' as const, partnerId: 'gym', value },
      { metric: 'revenue' as const, partnerId: 'gym', value: ratio(6n, 1n) },
      { metric: 'cac' as const, partnerId: 'bank', value },
    ];
    const { terms } = buildAgreement();
    expect(faults(buildAgreement({ terms: { ...terms, targets } }))).toEqual([
      'participant.missing /targets/3/partnerId',
      'target.duplicate /targets/2/metric',
    ]);
  });

  it('wants issuer and redeemer to take part', () => {
    const offers = [
      buildOffer({ id: 'a', issuerPartnerId: 'hotel' }),
      buildOffer({ id: 'b', redeemerPartnerId: 'bank' }),
    ];
    expect(faults(buildAgreement({ offers }))).toEqual([
      'offer.parties /offers/0/issuerPartnerId',
      'offer.parties /offers/1/redeemerPartnerId',
    ]);
  });

  it('points at every amount in another currency than the campaign', () => {
    const usd = { minor: 100n, currency: 'USD' };
    const offers = [
      buildOffer({ id: 'a', reward: { kind: 'amount', value: usd }, minimumSpend: eur(0n) }),
      buildOffer({ id: 'b', reward: { kind: 'gift', label: 'Towel', unitCost: usd }, maximumDiscount: usd }),
      buildOffer({ id: 'c', minimumSpend: usd }),
      buildOffer({ id: 'd', issuance: { ...PLAIN_ISSUANCE, minimumReceipt: usd } }),
    ];
    expect(faults(buildAgreement({ offers }))).toEqual([
      'currency.mismatch /offers/0/reward/value/currency',
      'currency.mismatch /offers/1/reward/unitCost/currency',
      'currency.mismatch /offers/1/maximumDiscount/currency',
      'currency.mismatch /offers/2/minimumSpend/currency',
      'currency.mismatch /offers/3/issuance/minimumReceipt/currency',
    ]);
  });

  it('points at the new currency when an offer that is not being changed has amounts in the old one', () => {
    const offers = [buildOffer({ minimumSpend: eur(500n) })];
    expect(faults(buildAgreement({ currency: 'USD', offers }), [])).toEqual(['currency.mismatch /currency']);
  });

  it('wants the dates in order; a campaign of one day is fine', () => {
    const { terms } = buildAgreement();
    const dated = (dates: Partial<typeof terms>) => faults(buildAgreement({ terms: { ...terms, ...dates } }));
    expect(dated({ endsOn: '2026-06-01', redeemUntil: '2026-06-01' })).toEqual([]);
    expect(dated({ endsOn: '2026-05-31' })).toEqual(['campaign.period /endsOn']);
    expect(dated({ redeemUntil: '2026-06-29' })).toEqual(['campaign.period /redeemUntil']);
  });

  it('bounds the number of offers', () => {
    const offers = Array.from({ length: MAX_OFFERS + 1 }, (_, index) => buildOffer({ id: String(index) }));
    expect(faults(buildAgreement({ offers }))).toEqual(['campaign.too-large /offers']);
    expect(faults(buildAgreement({ offers: offers.slice(1) }))).toEqual([]);
  });
});

describe('duplicateParticipants', () => {
  it('points at each repetition', () => {
    const participants = ['cafe', 'gym', 'cafe', 'cafe'].map((partnerId) => ({
      partnerId,
      role: 'equal' as const,
    }));
    expect(duplicateParticipants(participants).map(({ pointer }) => pointer)).toEqual([
      '/participants/2/partnerId',
      '/participants/3/partnerId',
    ]);
  });
});

describe('unknownOffers', () => {
  it('refuses a change of an offer of another campaign, and two changes of one offer', () => {
    const { issuerPartnerId, redeemerPartnerId, conditions } = buildOffer();
    const offers = [
      { issuerPartnerId, redeemerPartnerId, conditions },
      { id: 'offer', conditions: {} },
      { id: 'other', conditions: {} },
      { id: 'offer', conditions: {} },
    ];
    const found = unknownOffers(buildAgreement(), { terms: {}, offers });
    expect(found.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'offer.unknown /offers/2/id',
      'offer.duplicate /offers/3/id',
    ]);
  });
});

describe('changedFixedFields', () => {
  it('names what cannot change any more, and lets the same values pass', () => {
    const current = buildAgreement();
    expect(changedFixedFields(current, buildAgreement({ name: 'July', offers: [] }))).toEqual([]);
    const next = buildAgreement({
      kind: 'strategic',
      currency: 'USD',
      timeZone: 'UTC',
      participants: [...current.participants, { partnerId: 'hotel', role: 'equal' }],
    });
    expect(changedFixedFields(current, next).map(({ pointer }) => pointer)).toEqual([
      '/kind',
      '/currency',
      '/timeZone',
      '/participants',
    ]);
  });

  it('counts another role as a change of the participants', () => {
    const next = buildAgreement({
      participants: [
        { partnerId: 'cafe', role: 'equal' },
        { partnerId: 'gym', role: 'locomotive' },
      ],
    });
    expect(changedFixedFields(buildAgreement(), next).map(({ pointer }) => pointer)).toEqual([
      '/participants',
    ]);
  });
});

describe('faultyControls', () => {
  it('a control is a channel of a participant, named once', () => {
    expect(faultyControls(['a', 'b'], new Set(['a', 'b']))).toEqual([]);
    expect(faultyControls(['a', 'x', 'a'], new Set(['a', 'b']))).toMatchObject([
      { code: 'control.unknown', pointer: '/controlChannels/1' },
      { code: 'control.duplicate', pointer: '/controlChannels/2' },
    ]);
  });
});
