import type { Agreement, Offer, OfferConditions } from './agreement.js';
import type { CampaignTerms } from './campaign-terms.js';

/** An offer that has no id yet. */
export type ProposedOffer = Omit<Offer, 'id'>;

/** A campaign as somebody proposes it. */
export type ProposedAgreement = Omit<Agreement, 'offers'> & { readonly offers: readonly ProposedOffer[] };

/** A change of an offer that is there; what is absent stays, null clears. */
export interface OfferChange {
  readonly id: string;
  readonly conditions: Partial<OfferConditions>;
}

/** A change of a campaign: what is absent stays. Participants are added or get another role, offers are changed or added. */
export type AgreementChanges = Partial<Omit<Agreement, 'terms' | 'offers'>> & {
  readonly terms: Partial<CampaignTerms>;
  readonly offers: readonly (OfferChange | ProposedOffer)[];
};

/** An agreement to be checked, with the place of each offer in the request ("/offers/0") for pointing at faults. */
export interface Proposal {
  readonly agreement: Agreement;
  readonly offerPointers: ReadonlyMap<string, string>;
}

/** Gives the proposed offers their ids. */
export function proposeAgreement(proposed: ProposedAgreement, newId: () => string): Proposal {
  const offers = proposed.offers.map((offer) => ({ id: newId(), ...offer }));
  return { agreement: { ...proposed, offers }, offerPointers: pointersTo(offers) };
}

/**
 * The agreement after the changes. New participants and offers come last; a changed offer keeps its place. Changes of
 * offers that are not there have no effect: `unknownOffers` finds them.
 */
export function amendAgreement(current: Agreement, changes: AgreementChanges, newId: () => string): Proposal {
  const { terms, participants = [], offers, ...rest } = changes;
  const named = offers.map((offer) => ('id' in offer ? offer : { id: newId(), ...offer }));
  const agreement: Agreement = {
    ...merge(current, rest),
    participants: replaceOrAppend(current.participants, participants, ({ partnerId }) => partnerId),
    terms: merge(current.terms, terms),
    offers: [...alterOffers(current.offers, named), ...named.filter(isNew)],
  };
  return { agreement, offerPointers: pointersTo(named) };
}

function isNew(offer: OfferChange | Offer): offer is Offer {
  return 'issuerPartnerId' in offer;
}

function alterOffers(offers: readonly Offer[], changes: readonly (OfferChange | Offer)[]): Offer[] {
  const byId = new Map(changes.filter((change) => !isNew(change)).map((change) => [change.id, change]));
  return offers.map((offer) => {
    const change = byId.get(offer.id);
    return change ? { ...offer, conditions: merge(offer.conditions, change.conditions) } : offer;
  });
}

function replaceOrAppend<T>(present: readonly T[], changes: readonly T[], key: (item: T) => string): T[] {
  const isPresent = new Set(present.map(key));
  const byKey = new Map(changes.map((item) => [key(item), item]));
  const replaced = present.map((item) => byKey.get(key(item)) ?? item);
  return [...replaced, ...changes.filter((item) => !isPresent.has(key(item)))];
}

/** An absent field must not overwrite, and neither must one that is present as undefined. */
function merge<T extends object>(base: T, changes: Partial<T>): T {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(given) };
}

function pointersTo(offers: readonly { readonly id: string }[]): Map<string, string> {
  return new Map(offers.map(({ id }, index) => [id, `/offers/${index}`]));
}
