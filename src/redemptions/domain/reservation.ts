import { judgingInstant, type Attempt } from './attempt.js';
import type { Taker } from './uses.js';

/** One use that is kept for a customer until `expiresAt` (epoch ms); `cost` is what its reward would have come to (minor units). */
export interface Reservation extends Taker {
  readonly id: string;
  readonly expiresAt: number;
  readonly cost: bigint;
  /** Released on request or redeemed already: it keeps nothing any more. */
  readonly isOver: boolean;
}

/**
 * What an attempt gets out of the reservation it names: `held` keeps a use for it; `none` leaves it to the uses that are left. A
 * till that was offline closed its sale while the reservation was good, so for it one that ran out since is no reason to refuse.
 */
export type ReservationClaim =
  | { readonly kind: 'none' | 'missing' | 'expired' }
  | { readonly kind: 'held'; readonly reservation: Reservation };

/** `reservation` is the one that the attempt names, undefined when the redeemer has none with that id. */
export function claimReservation(
  attempt: Attempt,
  codeId: string,
  reservation: Reservation | undefined,
): ReservationClaim {
  if (attempt.reservationId === null) return { kind: 'none' };
  if (!reservation || reservation.isOver || reservation.codeId !== codeId) return { kind: 'missing' };
  if (attempt.receivedAt < reservation.expiresAt) return { kind: 'held', reservation };
  return { kind: judgingInstant(attempt) < reservation.expiresAt ? 'none' : 'expired' };
}
