import type { Attempt } from './attempt.js';
import type { CodeState, KnownCode } from './code-state.js';
import { type Judgement, judgeRedemption } from './judge-redemption.js';
import { claimReservation, type Reservation, type ReservationClaim } from './reservation.js';
import { type Scopes, scopesOf, type Taken, takerOf, type Uses } from './uses.js';

export interface BatchItem {
  readonly attempt: Attempt;
  readonly code: CodeState;
}

/** What was taken before the batch, as the database said under its locks. */
export interface Counters {
  /** By the name of a scope (`scopesOf`); what live reservations hold is included. */
  taken(scope: string): Taken;
  usedOnReceipt(codeId: string, receiptKey: string): boolean;
  reservation(id: string): Reservation | undefined;
}

/** What the batch takes, by the name of a scope, and the reservations it uses up. */
export interface Claims {
  readonly codes: Map<string, Taken>;
  readonly offers: Map<string, Taken>;
  readonly offerDays: Map<string, Taken>;
  readonly offerChannels: Map<string, Taken>;
  readonly customers: Map<string, Taken>;
  readonly reservations: Set<string>;
}

export interface BatchDecision {
  /** One per item, in the order of the items. */
  readonly verdicts: Judgement[];
  readonly claims: Claims;
}

/** The counters as they stand while the batch is decided: the database's figures plus what the batch took and freed so far. */
interface Running {
  readonly counters: Counters;
  readonly claims: Claims;
  readonly changes: Map<string, Taken>;
  readonly receipts: Set<string>;
}

const NOTHING: Taken = { uses: 0, spent: 0n };
const NO_USES: Uses = {
  ...{ code: 0, offer: 0, offerToday: 0, customer: 0, onThisReceipt: false },
  ...{ budget: null, reservation: 'fine' },
};

/**
 * Decides the items one after another, each seeing what those before it took, so a batch gives the answers its items would
 * have got alone in that order. The caller holds the rows behind `counters` locked and writes `claims` in the same
 * transaction; adding them cannot pass a limit or a budget. What is honoured over a limit claims nothing, but does mark its receipt.
 * A known customer is counted even without a limit, and costs without a budget, so that what is agreed later counts the earlier uses.
 */
export function decideBatch(items: readonly BatchItem[], counters: Counters): BatchDecision {
  const claims: Claims = {
    ...{ codes: new Map(), offers: new Map(), offerDays: new Map(), offerChannels: new Map() },
    ...{ customers: new Map(), reservations: new Set() },
  };
  const running: Running = { counters, claims, changes: new Map(), receipts: new Set() };
  return { verdicts: items.map((item) => decideItem(item, running)), claims };
}

function decideItem({ attempt, code }: BatchItem, running: Running): Judgement {
  if (code.kind !== 'known') return judgeRedemption(attempt, code, NO_USES);
  const scopes = scopesOf(takerOf(attempt, code));
  const reserved = reservationOf(attempt, code, running);
  const verdict = judgeRedemption(attempt, code, usesSoFar(attempt, code, scopes, reserved, running));
  if (verdict.kind !== 'accepted') return verdict;
  running.receipts.add(receiptMark(code, attempt));
  if (reserved.kind === 'held') useUp(reserved.reservation, running);
  if (!verdict.honouredOverLimit) claim(scopes, { uses: 1, spent: verdict.cost }, running);
  return verdict;
}

function reservationOf(attempt: Attempt, code: KnownCode, { counters, claims }: Running): ReservationClaim {
  const { reservationId } = attempt;
  const isUsedUp = reservationId !== null && claims.reservations.has(reservationId);
  const found = reservationId === null || isUsedUp ? undefined : counters.reservation(reservationId);
  return claimReservation(attempt, code.codeId, found);
}

function usesSoFar(
  attempt: Attempt,
  code: KnownCode,
  scopes: Scopes,
  reserved: ReservationClaim,
  running: Running,
): Uses {
  const own = reserved.kind === 'held' ? placeOf(reserved.reservation) : null;
  const taken = (scope: string | null) => (scope === null ? NOTHING : takenByOthers(scope, own, running));
  return {
    code: taken(scopes.code).uses,
    offer: taken(scopes.offer).uses,
    offerToday: taken(scopes.offerDay).uses,
    customer: taken(scopes.customer).uses,
    onThisReceipt:
      running.receipts.has(receiptMark(code, attempt)) ||
      running.counters.usedOnReceipt(code.codeId, attempt.receiptKey),
    budget: code.offer.hasBudget
      ? {
          total: taken(scopes.campaign),
          perOffer: taken(scopes.offer),
          perChannel: taken(scopes.campaignChannel),
          perDay: taken(scopes.campaignDay),
        }
      : null,
    reservation: reserved.kind === 'missing' || reserved.kind === 'expired' ? reserved.kind : 'fine',
  };
}

/** The place a reservation keeps: it counts against everybody but the one it is kept for. */
interface Place {
  readonly scopes: ReadonlySet<string | null>;
  readonly kept: Taken;
}

function placeOf(reservation: Reservation): Place {
  return {
    scopes: new Set(Object.values(scopesOf(reservation) satisfies Scopes) as (string | null)[]),
    kept: { uses: 1, spent: reservation.cost },
  };
}

function takenByOthers(scope: string, own: Place | null, { counters, changes }: Running): Taken {
  const all = plus(counters.taken(scope), changes.get(scope) ?? NOTHING);
  return own?.scopes.has(scope) ? plus(all, negative(own.kept)) : all;
}

function useUp(reservation: Reservation, { claims, changes }: Running): void {
  claims.reservations.add(reservation.id);
  const { scopes, kept } = placeOf(reservation);
  for (const scope of scopes) if (scope !== null) add(changes, scope, negative(kept));
}

function claim(scopes: Scopes, taken: Taken, { claims, changes }: Running): void {
  add(claims.codes, scopes.code, taken);
  add(claims.offers, scopes.offer, taken);
  add(claims.offerChannels, scopes.offerChannel, taken);
  if (scopes.offerDay !== null) add(claims.offerDays, scopes.offerDay, taken);
  if (scopes.customer !== null) add(claims.customers, scopes.customer, taken);
  for (const scope of Object.values(scopes) as (string | null)[])
    if (scope !== null) add(changes, scope, taken);
}

function add(sums: Map<string, Taken>, scope: string, taken: Taken): void {
  const before = sums.get(scope);
  sums.set(scope, before ? plus(before, taken) : taken);
}

function plus(a: Taken, b: Taken): Taken {
  return { uses: a.uses + b.uses, spent: a.spent + b.spent };
}

function negative({ uses, spent }: Taken): Taken {
  return { uses: -uses, spent: -spent };
}

function receiptMark(code: KnownCode, attempt: Attempt): string {
  return `${code.codeId}|${attempt.receiptKey}`;
}
