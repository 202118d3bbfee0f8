import { Injectable } from '@nestjs/common';
import type { IssuableOffer } from '../campaigns/domain/issuable-offer.js';
import { IssuableOfferReadModel } from '../campaigns/issuable-offer.read-model.js';
import { notFound, unprocessable } from '../kernel/errors.js';
import type { Money } from '../kernel/money.js';
import { HoldOutCommands } from '../hold-out/hold-out.commands.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import type { IssuanceRefusal } from './domain/issuance-refusal.js';
import { judgeIssuance, reachesCustomer } from './domain/judge-issuance.js';
import { type Issuance, IssuanceRepository } from './issuance.repository.js';
import type { PreparedIssuance } from './issuance-requests.js';
import { IssuanceWriter, LostRace } from './issuance-writer.js';
import { assertIssuer } from './offer-access.js';

/** A coupon, or why there is none. Of a refusal nothing is stored, but that the customer of a campaign with a hold-out was there. */
export type IssuanceOutcome =
  | { readonly kind: 'issued'; readonly issuance: Issuance; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly reason: IssuanceRefusal; readonly minimumReceipt: Money | null };

/** What happens to one request in one transaction: look for its answer, judge it, give a coupon. */
@Injectable()
export class IssuanceTransaction {
  constructor(
    private readonly database: Database,
    private readonly offers: IssuableOfferReadModel,
    private readonly issuances: IssuanceRepository,
    private readonly writer: IssuanceWriter,
    private readonly holdOut: HoldOutCommands,
  ) {}

  async run(
    principal: PartnerPrincipal,
    offerId: string,
    request: PreparedIssuance,
  ): Promise<IssuanceOutcome> {
    return retryTransaction(
      () => this.database.transaction((tx) => this.answer(tx, principal, offerId, request)),
      { isWorthIt: (error) => error instanceof LostRace },
    );
  }

  private async answer(
    tx: Tx,
    principal: PartnerPrincipal,
    offerId: string,
    request: PreparedIssuance,
  ): Promise<IssuanceOutcome> {
    const offer = await this.offers.find(tx, principal, offerId);
    if (!offer) throw notFound();
    assertIssuer(principal, offer);
    const replay = await this.replay(tx, offer, request);
    if (replay) return replay;
    const outcome = await this.decide(tx, offer, request);
    // Whoever used the receipt or took the last coupon since our look may have come with this very request.
    return outcome.kind === 'issued' ? outcome : ((await this.replay(tx, offer, request)) ?? outcome);
  }

  private async decide(tx: Tx, offer: IssuableOffer, request: PreparedIssuance): Promise<IssuanceOutcome> {
    const known = { ...(await this.issuances.history(tx, offer, request)), heldOut: false };
    const heldOut = reachesCustomer(request, offer, known) && (await this.isHeldOut(tx, offer, request));
    const verdict = judgeIssuance(request, offer, { ...known, heldOut });
    if (verdict.kind === 'refused') return refused(verdict.reason, offer);
    const issuance = await this.writer.write(tx, offer, verdict.terms, request);
    return issuance
      ? { kind: 'issued', issuance, replayed: false }
      : refused('issuance.ceiling-reached', offer);
  }

  /** Records the customer of a campaign with a hold-out, refused or not. Whoever is not named is not part of the comparison. */
  private async isHeldOut(
    tx: Tx,
    { campaignId, redeemerPartnerId, customerKey, terms }: IssuableOffer,
    { matchIdOf }: PreparedIssuance,
  ): Promise<boolean> {
    const share = terms?.holdOutShare;
    if (!share || !matchIdOf) return false;
    const matchIds = [matchIdOf(customerKey)];
    const redeemerIds = [redeemerPartnerId];
    const [arm] = await this.holdOut.assign(tx, { campaignId, redeemerIds, share, matchIds });
    return arm === 'held_out';
  }

  private async replay(
    tx: Tx,
    offer: IssuableOffer,
    { externalId, fingerprint }: PreparedIssuance,
  ): Promise<IssuanceOutcome | undefined> {
    const stored = await this.issuances.find(tx, offer, externalId);
    if (!stored) return undefined;
    // That of an issuance whose customer was erased is empty: nobody can tell any more, so the till is believed.
    if (stored.fingerprint.length === 0 || stored.fingerprint.equals(fingerprint))
      return { kind: 'issued', issuance: stored, replayed: true };
    const detail = `The externalId ${externalId} was posted before with other content.`;
    throw unprocessable('external-id.reused', detail, [
      { pointer: '/externalId', detail: 'is taken by another issuance' },
    ]);
  }
}

function refused(reason: IssuanceRefusal, { terms }: IssuableOffer): IssuanceOutcome {
  return { kind: 'refused', reason, minimumReceipt: terms?.issuance.minimumReceipt ?? null };
}
