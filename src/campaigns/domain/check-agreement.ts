import type { Money } from '../../kernel/money.js';
import type { Agreement, Offer, Participant } from './agreement.js';
import type { AgreementChanges, Proposal } from './amend-agreement.js';
import { BUDGET_SCOPES } from './budget.js';
import type { CampaignTerms } from './campaign-terms.js';

/** A broken rule; `pointer` is a JSON pointer into the request. */
export interface Violation {
  readonly code:
    | 'campaign.period'
    | 'campaign.terms-fixed'
    | 'campaign.too-large'
    | 'control.duplicate'
    | 'control.unknown'
    | 'currency.mismatch'
    | 'offer.duplicate'
    | 'offer.parties'
    | 'offer.unknown'
    | 'participant.duplicate'
    | 'participant.missing'
    | 'participant.unknown'
    | 'target.duplicate';
  readonly pointer: string;
  readonly detail: string;
}

/**
 * A campaign is read, approved and copied into each version as a whole, so it has to stay of a size for that. Coupon books
 * of a large retailer have some 80 manufacturers in one campaign.
 */
export const MAX_PARTICIPANTS = 200;
export const MAX_OFFERS = 1000;
/** Each is a regressor of its own: more of them would learn the noise of the days before. */
export const MAX_CONTROL_CHANNELS = 10;

/** All rules that an agreement has to keep by itself. */
export function checkAgreement({ agreement, offerPointers }: Proposal): Violation[] {
  return [
    ...checkSize(agreement),
    ...checkPeriod(agreement.terms),
    ...agreement.offers.flatMap((offer) => checkParties(offer, agreement, offerPointers.get(offer.id))),
    ...agreement.offers.flatMap((offer) =>
      checkMoney(offer, agreement.currency, offerPointers.get(offer.id)),
    ),
    ...checkBudget(agreement),
    ...checkTargets(agreement),
  ];
}

/** No partner takes part twice. Checked on the request, since the agreement has already merged what was there. */
export function duplicateParticipants(participants: readonly Participant[]): Violation[] {
  const ids = participants.map(({ partnerId }) => partnerId);
  return repeats(ids).map((index) => ({
    code: 'participant.duplicate',
    pointer: `/participants/${index}/partnerId`,
    detail: 'is named twice',
  }));
}

/** Each changed offer is there, and changed once. */
export function unknownOffers(current: Agreement, changes: AgreementChanges): Violation[] {
  const known = new Set(current.offers.map(({ id }) => id));
  const ids = changes.offers.map((offer) => ('id' in offer ? offer.id : undefined));
  const unknown = ids.flatMap((id, index) => (id === undefined || known.has(id) ? [] : [index]));
  return [
    ...unknown.map((index) => violation('offer.unknown', index, 'is not an offer of this campaign')),
    ...repeats(ids).map((index) => violation('offer.duplicate', index, 'is named twice')),
  ];
}

function violation(code: 'offer.unknown' | 'offer.duplicate', index: number, detail: string): Violation {
  return { code, pointer: `/offers/${index}/id`, detail };
}

/** Each control is a channel of a participant, and named once. `known` are the channels of the participants. */
export function faultyControls(controlChannels: readonly string[], known: ReadonlySet<string>): Violation[] {
  const at = (index: number) => `/controlChannels/${index}`;
  const detail = 'is not a channel of a participant of the campaign';
  return [
    ...controlChannels.flatMap((id, index): Violation[] =>
      known.has(id) ? [] : [{ code: 'control.unknown', pointer: at(index), detail }],
    ),
    ...repeats(controlChannels).map((index): Violation => ({
      code: 'control.duplicate',
      pointer: at(index),
      detail: 'is named twice',
    })),
  ];
}

/** What cannot change any more once all have approved a version: later figures could not be added to earlier ones. */
export function changedFixedFields(current: Agreement, next: Agreement): Violation[] {
  const fields = (['kind', 'currency', 'timeZone'] as const).filter(
    (field) => current[field] !== next[field],
  );
  const roles = new Map(current.participants.map(({ partnerId, role }) => [partnerId, role]));
  const hasNewParticipants = next.participants.some(({ partnerId, role }) => roles.get(partnerId) !== role);
  return [...fields, ...(hasNewParticipants ? ['participants'] : [])].map((field) => ({
    code: 'campaign.terms-fixed',
    pointer: `/${field}`,
    detail: 'cannot change once every participant has approved a version of the terms',
  }));
}

function checkSize({ participants, offers }: Agreement): Violation[] {
  const tooLarge = (pointer: string, most: number): Violation => ({
    code: 'campaign.too-large',
    pointer,
    detail: `a campaign has at most ${most}`,
  });
  return [
    ...(participants.length > MAX_PARTICIPANTS ? [tooLarge('/participants', MAX_PARTICIPANTS)] : []),
    ...(offers.length > MAX_OFFERS ? [tooLarge('/offers', MAX_OFFERS)] : []),
  ];
}

// Dates are compared as text: YYYY-MM-DD sorts like the calendar.
function checkPeriod({ startsOn, endsOn, redeemUntil }: CampaignTerms): Violation[] {
  const tooEarly = (pointer: string, bound: string): Violation => ({
    code: 'campaign.period',
    pointer,
    detail: `must not be before ${bound}`,
  });
  return [
    ...(endsOn < startsOn ? [tooEarly('/endsOn', 'startsOn')] : []),
    ...(redeemUntil !== null && redeemUntil < endsOn ? [tooEarly('/redeemUntil', 'endsOn')] : []),
  ];
}

function checkParties(offer: Offer, { participants }: Agreement, pointer = '/offers'): Violation[] {
  return (['issuerPartnerId', 'redeemerPartnerId'] as const)
    .filter((party) => !participants.some(({ partnerId }) => partnerId === offer[party]))
    .map((party) => ({
      code: 'offer.parties',
      pointer: `${pointer}/${party}`,
      detail: 'is not a participant of the campaign',
    }));
}

/** An offer that the request does not name can only be hit by a new currency of the campaign. */
function checkMoney(offer: Offer, currency: string, pointer: string | undefined): Violation[] {
  return Object.entries(amountsOf(offer))
    .filter(([, money]) => money && money.currency !== currency)
    .map(([path]) => ({
      code: 'currency.mismatch',
      pointer: pointer === undefined ? '/currency' : `${pointer}/${path}/currency`,
      detail: `amounts of the campaign's offers must be in ${currency}`,
    }));
}

function checkBudget({ currency, terms: { budget } }: Agreement): Violation[] {
  return BUDGET_SCOPES.filter((scope) => (budget?.[scope]?.amount?.currency ?? currency) !== currency).map(
    (scope) => ({
      code: 'currency.mismatch',
      pointer: `/budget/${scope}/amount/currency`,
      detail: `the campaign's budget must be in ${currency}`,
    }),
  );
}

function checkTargets({ participants, terms: { targets } }: Agreement): Violation[] {
  const known = new Set(participants.map(({ partnerId }) => partnerId));
  const goals = targets.map(({ metric, partnerId }) => `${metric} ${partnerId ?? ''}`);
  return [
    ...targets.flatMap(({ partnerId }, index): Violation[] =>
      partnerId === null || known.has(partnerId)
        ? []
        : [
            {
              code: 'participant.missing',
              pointer: `/targets/${index}/partnerId`,
              detail: 'is not a participant of the campaign',
            },
          ],
    ),
    ...repeats(goals).map((index): Violation => {
      const detail = 'has a target already';
      return { code: 'target.duplicate', pointer: `/targets/${index}/metric`, detail };
    }),
  ];
}

function amountsOf({ conditions }: Offer): Record<string, Money | null> {
  const { reward, minimumSpend, maximumDiscount, issuance } = conditions;
  return {
    'reward/value': reward.kind === 'amount' ? reward.value : null,
    'reward/unitCost': reward.kind === 'gift' ? reward.unitCost : null,
    minimumSpend,
    maximumDiscount,
    'issuance/minimumReceipt': issuance.minimumReceipt,
  };
}

/** The indexes of values that stood earlier in the list. */
function repeats(values: readonly (string | undefined)[]): number[] {
  return values.flatMap((value, index) =>
    value !== undefined && values.indexOf(value) < index ? [index] : [],
  );
}
