import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { forbidden, invalidRequest, notFound, unprocessable } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import type { Page, PageRequest } from '../platform/http/page.js';
import { canonicalTarget, targetFault } from './domain/target-url.js';
import type { TouchPlacement } from './domain/touch.js';
import { LinkRepository, type PlacementLink } from './link.repository.js';
import { TouchPlacementRepository } from './touch-placement.repository.js';

/** 72 bits: nobody finds a link by trying, and a QR code of it stays coarse. */
const TOKEN_BYTES = 9;

/** Links of placements, made and read by the issuer's staff. */
@Injectable()
export class LinksService {
  constructor(
    private readonly database: Database,
    private readonly placements: TouchPlacementRepository,
    private readonly links: LinkRepository,
    private readonly clock: Clock,
  ) {}

  /** Throws 404, 403 to other participants than the issuer, 422 before all have approved, 400 on a target nobody can be sent to. */
  async create(
    principal: Principal,
    placementId: string,
    given: { readonly targetUrl: string; readonly label: string | null },
  ): Promise<PlacementLink> {
    return this.database.transaction(async (tx) => {
      const placement = await this.asIssuer(tx, principal, placementId);
      if (!placement.isApproved)
        throw unprocessable('campaign.not-approved', 'Not every participant has approved this offer yet.');
      const detail = targetFault(given.targetUrl);
      if (detail !== null) throw invalidRequest([{ pointer: '/targetUrl', detail }]);
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const targetUrl = canonicalTarget(given.targetUrl);
      const { issuerPartnerId, redeemerPartnerId, offerId, campaignId } = placement;
      const link = {
        id: this.clock.newId(),
        token,
        placementId,
        issuerPartnerId,
        targetUrl,
        label: given.label,
      };
      const keyId = principal.keyId;
      const createdAt = await this.links.insert(tx, {
        ...link,
        offerId,
        campaignId,
        redeemerPartnerId,
        keyId,
      });
      return { ...link, createdAt };
    });
  }

  async list(principal: Principal, placementId: string, page: PageRequest): Promise<Page<PlacementLink>> {
    return this.database.read(async (tx) => {
      await this.asIssuer(tx, principal, placementId);
      return this.links.list(tx, placementId, page);
    });
  }

  async find(principal: Principal, id: string): Promise<PlacementLink> {
    const link = await this.database.read((tx) => this.links.find(tx, principal, id));
    if (!link) throw notFound();
    assertIssuer(principal, link);
    return link;
  }

  private async asIssuer(tx: Tx, principal: Principal, placementId: string): Promise<TouchPlacement> {
    const found = (await this.placements.find(tx, principal, [placementId])).get(placementId);
    if (!found) throw notFound();
    assertIssuer(principal, found.placement);
    return found.placement;
  }
}

function assertIssuer(
  principal: Principal,
  { issuerPartnerId }: Pick<TouchPlacement, 'issuerPartnerId'>,
): void {
  if (principal.role === 'operator' || principal.partnerId === issuerPartnerId) return;
  throw forbidden('Only the partner whose placement this is may do this.');
}
