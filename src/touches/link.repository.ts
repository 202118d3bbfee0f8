import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';

/** A link that customers follow from a placement to a page, and that counts them. */
export interface PlacementLink {
  readonly id: string;
  readonly token: string;
  readonly placementId: string;
  readonly issuerPartnerId: string;
  readonly targetUrl: string;
  readonly label: string | null;
  readonly createdAt: Date;
}

export interface NewLink extends Omit<PlacementLink, 'createdAt'> {
  readonly offerId: string;
  readonly campaignId: string;
  readonly redeemerPartnerId: string;
  readonly keyId: string;
}

/** All that a redirect needs. */
export type LinkTarget = Pick<PlacementLink, 'id' | 'targetUrl'>;

const COLUMNS = `l.id, l.token, l.placement_id as "placementId", l.issuer_partner_id as "issuerPartnerId",
                 l.target_url as "targetUrl", l.label, l.created_at as "createdAt"`;

@Injectable()
export class LinkRepository {
  async insert(tx: Tx, link: NewLink): Promise<Date> {
    const row = await tx.row<{ createdAt: Date }>(
      `insert into placement_links
              (id, token, placement_id, offer_id, campaign_id, issuer_partner_id, redeemer_partner_id, target_url, label, created_by_key_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    returning created_at as "createdAt"`,
      [
        ...[link.id, link.token, link.placementId, link.offerId, link.campaignId],
        ...[link.issuerPartnerId, link.redeemerPartnerId, link.targetUrl, link.label, link.keyId],
      ],
    );
    if (!row) throw new Error('a link was inserted and has no row');
    return row.createdAt;
  }

  /** The link, if the principal's partner takes part in its campaign. */
  async find(tx: Tx, { partnerId }: Principal, id: string): Promise<PlacementLink | undefined> {
    return tx.row<PlacementLink>(
      `select ${COLUMNS} from placement_links l
        where l.id = $1 and ($2::uuid is null or exists (
          select from campaign_participants m where m.campaign_id = l.campaign_id and m.partner_id = $2))`,
      [id, partnerId],
    );
  }

  async list(tx: Tx, placementId: string, page: PageRequest): Promise<Page<PlacementLink>> {
    const rows = await tx.rows<PlacementLink>(
      `select ${COLUMNS} from placement_links l
        where l.placement_id = $1 and ($2::uuid is null or l.id > $2) order by l.id limit $3`,
      [placementId, page.after, page.limit + 1],
    );
    return toPage(rows, page.limit, (row) => row);
  }

  async findTarget(tx: Tx, token: string): Promise<LinkTarget | undefined> {
    const [row] = await tx.prepared<LinkTarget>(
      'link_target',
      `select l.id, l.target_url as "targetUrl" from placement_links l where l.token = $1`,
      [token],
    );
    return row;
  }
}
