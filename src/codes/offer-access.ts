import { Injectable } from '@nestjs/common';
import { CampaignReadModel, type OfferForCodes } from '../campaigns/campaign.read-model.js';
import { forbidden, notFound } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';

/** Who may do what with the codes of an offer. Who has no part in the campaign is told that there is no such offer. */
@Injectable()
export class OfferAccess {
  constructor(private readonly campaigns: CampaignReadModel) {}

  /** For making, revoking and reading codes. Throws 404, or 403 to the other participants. */
  async asIssuer(tx: Tx, principal: Principal, offerId: string): Promise<OfferForCodes> {
    const offer = await this.visible(tx, principal, offerId);
    assertIssuer(principal, offer);
    return offer;
  }

  /** For reading the code words, which the redeemer's staff must know too. Throws 404, or 403 to the other participants. */
  async asParty(tx: Tx, principal: Principal, offerId: string): Promise<OfferForCodes> {
    const offer = await this.visible(tx, principal, offerId);
    const parties = [offer.issuerPartnerId, offer.redeemerPartnerId];
    if (principal.role === 'operator' || parties.includes(principal.partnerId)) return offer;
    throw forbidden('Only the two partners of this offer may do this.');
  }

  private async visible(tx: Tx, principal: Principal, offerId: string): Promise<OfferForCodes> {
    const offer = await this.campaigns.visibleOffer(tx, principal, offerId);
    if (!offer) throw notFound();
    return offer;
  }
}

/** Throws 403 to other participants of the campaign. */
export function assertIssuer(principal: Principal, offer: Pick<OfferForCodes, 'issuerPartnerId'>): void {
  if (principal.role === 'operator' || principal.partnerId === offer.issuerPartnerId) return;
  throw forbidden('Only the partner that issues the codes of this offer may do this.');
}
