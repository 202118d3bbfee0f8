import type { OfferState, OfferTerms } from '../../src/campaigns/domain/offer-state.js';
import type { Attempt } from '../../src/redemptions/domain/attempt.js';
import type { KnownCode } from '../../src/redemptions/domain/code-state.js';
import type {
  BatchDecision,
  BatchItem,
  Claims,
  Counters,
} from '../../src/redemptions/domain/decide-batch.js';
import type { Reservation } from '../../src/redemptions/domain/reservation.js';
import { scopesOf, type Taken } from '../../src/redemptions/domain/uses.js';

export const NOW = Date.UTC(2026, 4, 20, 12);
export const DAY = 24 * 60 * 60 * 1000;

export function buildAttempt(overrides: Partial<Attempt> = {}): Attempt {
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

/** One euro off, no limits, open for a month; all offers are of one campaign. */
export function buildOffer(overrides: Partial<OfferTerms> = {}, offerId = 'offer'): OfferState {
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
    budget: null,
    ...overrides,
  };
  const hasBudget = terms.budget !== null;
  return { offerId, campaignId: 'campaign', hasBudget, versions: [terms], pauses: [], endedAt: null };
}

export function buildWord(offer: OfferState, overrides: Partial<KnownCode> = {}): KnownCode {
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

/** A place at `offer` for a minute from now. */
export function buildReservation(overrides: Partial<Reservation> = {}): Reservation {
  return {
    id: 'reservation',
    codeId: 'word',
    offerId: 'offer',
    campaignId: 'campaign',
    channelId: 'till-1',
    customerId: null,
    day: '2026-05-20',
    expiresAt: NOW + 60_000,
    cost: 100n,
    isOver: false,
    ...overrides,
  };
}

export interface Before {
  readonly claims?: Claims;
  readonly receipts?: ReadonlySet<string>;
  /** The live and the finished ones. */
  readonly reservations?: readonly Reservation[];
}

/** What the database would answer after these claims, accepted receipts and reservations. */
export function countersAfter({ claims, receipts = new Set(), reservations = [] }: Before = {}): Counters {
  const usedUp = claims?.reservations ?? new Set<string>();
  const live = reservations.filter(
    ({ id, isOver, expiresAt }) => !isOver && NOW < expiresAt && !usedUp.has(id),
  );
  const taken = new Map<string, Taken>();
  const add = (scope: string, { uses, spent }: Taken) => {
    const before = taken.get(scope) ?? { uses: 0, spent: 0n };
    taken.set(scope, { uses: before.uses + uses, spent: before.spent + spent });
  };
  for (const { cost, ...taker } of live) {
    for (const scope of Object.values(scopesOf(taker)) as (string | null)[])
      if (scope !== null) add(scope, { uses: 1, spent: cost });
  }
  for (const [scope, claim] of claims?.codes ?? []) add(scope, claim);
  for (const [scope, claim] of claims?.customers ?? []) add(scope, claim);
  for (const [scope, claim] of claims?.offers ?? []) for (const one of [scope, 'campaign']) add(one, claim);
  for (const details of [claims?.offerDays, claims?.offerChannels])
    for (const [scope, claim] of details ?? [])
      for (const one of [scope, `campaign|${scope.split('|')[1]}`]) add(one, claim);
  return {
    taken: (scope) => taken.get(scope) ?? { uses: 0, spent: 0n },
    usedOnReceipt: (codeId, receiptKey) => receipts.has(`${codeId} on ${receiptKey}`),
    reservation: (id) => {
      const found = reservations.find((one) => one.id === id);
      return found && { ...found, isOver: found.isOver || usedUp.has(id) };
    },
  };
}

/** Every accepted code and receipt of a decided batch, once per acceptance. */
export function acceptedReceipts(items: readonly BatchItem[], { verdicts }: BatchDecision): string[] {
  return items.flatMap(({ attempt, code }, index) =>
    verdicts[index]?.kind === 'accepted' && code.kind === 'known'
      ? [`${code.codeId} on ${attempt.receiptKey}`]
      : [],
  );
}

export function outcomes({ verdicts }: BatchDecision): string[] {
  return verdicts.map((verdict) => (verdict.kind === 'refused' ? verdict.reason : verdict.kind));
}
