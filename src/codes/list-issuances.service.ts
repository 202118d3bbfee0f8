import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Page, PageRequest } from '../platform/http/page.js';
import { type Issuance, IssuanceRepository } from './issuance.repository.js';
import { OfferAccess } from './offer-access.js';

@Injectable()
export class ListIssuancesService {
  constructor(
    private readonly database: Database,
    private readonly access: OfferAccess,
    private readonly issuances: IssuanceRepository,
  ) {}

  /** What was issued of an offer, for the staff of its issuer: receipts are nobody else's business. Throws 404 or 403. */
  async list(principal: Principal, offerId: string, page: PageRequest): Promise<Page<Issuance>> {
    return this.database.read(async (tx) => {
      const offer = await this.access.asIssuer(tx, principal, offerId);
      return this.issuances.list(tx, offer, page);
    });
  }
}
