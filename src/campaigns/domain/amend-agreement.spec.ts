import { describe, expect, it } from '@jest/globals';
import { ratio } from '../../kernel/ratio.js';
import { type Agreement, type Offer, type OfferConditions, PLAIN_ISSUANCE } from './agreement.js';
import { amendAgreement, type AgreementChanges, proposeAgreement } from './amend-agreement.js';

const conditions: OfferConditions = {
  reward: { kind: 'percent', value: ratio(10n, 1n) },
  minimumSpend: { minor: 1000n, currency: 'EUR' },
  maximumDiscount: null,
  perCodeLimit: null,
  perCustomerLimit: 1,
  totalLimit: 100,
  dailyLimit: null,
  issuance: PLAIN_ISSUANCE,
};

function buildOffer(id: string): Offer {
  return { id, issuerPartnerId: 'cafe', redeemerPartnerId: 'gym', conditions };
}

const current: Agreement = {
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
    redeemUntil: '2026-07-15',
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
  offers: [buildOffer('first'), buildOffer('second')],
};

function amend(changes: Partial<AgreementChanges>) {
  let made = 0;
  return amendAgreement(current, { terms: {}, offers: [], ...changes }, () => `new-${(made += 1)}`);
}

describe('amendAgreement', () => {
  it('leaves everything as it is when nothing is asked for', () => {
    expect(amend({}).agreement).toEqual(current);
    expect(amend({ name: undefined, terms: { endsOn: undefined } }).agreement).toEqual(current);
  });

  it('changes only the fields that are named, and clears with null', () => {
    expect(amend({ name: 'July', terms: { redeemUntil: null } }).agreement).toEqual({
      ...current,
      name: 'July',
      terms: { ...current.terms, redeemUntil: null },
    });
  });

  it('changes the offer that is named, in its place, and keeps the rest of its conditions', () => {
    const { agreement } = amend({
      offers: [{ id: 'first', conditions: { totalLimit: 200, minimumSpend: null } }],
    });
    expect(agreement.offers).toEqual([
      { ...buildOffer('first'), conditions: { ...conditions, totalLimit: 200, minimumSpend: null } },
      buildOffer('second'),
    ]);
  });

  it('adds offers without an id after those that are there', () => {
    const added = { issuerPartnerId: 'gym', redeemerPartnerId: 'cafe', conditions };
    const { agreement } = amend({ offers: [added, { id: 'second', conditions: {} }, added] });
    expect(agreement.offers.map(({ id }) => id)).toEqual(['first', 'second', 'new-1', 'new-2']);
    expect(agreement.offers[2]).toEqual({ ...added, id: 'new-1' });
  });

  it('tells where in the request each offer stands', () => {
    const added = { issuerPartnerId: 'gym', redeemerPartnerId: 'cafe', conditions };
    const { offerPointers } = amend({ offers: [added, { id: 'second', conditions: {} }] });
    expect([...offerPointers]).toEqual([
      ['new-1', '/offers/0'],
      ['second', '/offers/1'],
    ]);
  });

  it('adds participants and changes roles, and removes nobody', () => {
    const { agreement } = amend({
      participants: [
        { partnerId: 'hotel', role: 'equal' },
        { partnerId: 'gym', role: 'equal' },
      ],
    });
    expect(agreement.participants).toEqual([
      { partnerId: 'cafe', role: 'wagon' },
      { partnerId: 'gym', role: 'equal' },
      { partnerId: 'hotel', role: 'equal' },
    ]);
  });
});

describe('proposeAgreement', () => {
  it('gives each offer an id of its own and keeps their order', () => {
    const proposed = { ...current, offers: current.offers.map(({ id: _id, ...offer }) => offer) };
    const ids = ['a', 'b'];
    const { agreement, offerPointers } = proposeAgreement(proposed, () => ids.shift() ?? 'none left');
    expect(agreement).toEqual({ ...current, offers: [buildOffer('a'), buildOffer('b')] });
    expect(offerPointers.get('b')).toBe('/offers/1');
  });
});
