import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Page, PageRequest } from '../platform/http/page.js';
import { OfferAccess } from './offer-access.js';
import { type ListedPlacement, PlacementRepository } from './placement.repository.js';

@Injectable()
export class ListPlacementsService {
  constructor(
    private readonly database: Database,
    private readonly access: OfferAccess,
    private readonly placements: PlacementRepository,
  ) {}

  /** For the two partners of the offer: both post touches of its placements. Throws 404 or 403. */
  async list(principal: Principal, offerId: string, page: PageRequest): Promise<Page<ListedPlacement>> {
    return this.database.read(async (tx) => {
      await this.access.asParty(tx, principal, offerId);
      return this.placements.list(tx, offerId, page);
    });
  }
}
