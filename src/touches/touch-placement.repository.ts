import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';
import type { TouchPlacement } from './domain/touch.js';

/** A placement with the key that makes the match ids of its campaign. */
export interface KeyedPlacement {
  readonly placement: TouchPlacement;
  readonly customerKey: Uint8Array;
}

@Injectable()
export class TouchPlacementRepository {
  /** Those of the placements whose campaigns the principal's partner takes part in, by id; all of them for the operator. */
  async find(
    tx: Tx,
    { partnerId }: Principal,
    placementIds: readonly string[],
  ): Promise<Map<string, KeyedPlacement>> {
    const rows = await tx.prepared<TouchPlacement & { customerKey: Buffer }>(
      'touch_placements',
      `select p.id as "placementId", o.id as "offerId", o.campaign_id as "campaignId", o.issuer_partner_id as "issuerPartnerId",
              o.redeemer_partner_id as "redeemerPartnerId", p.channel_id as "channelId", c.customer_key as "customerKey",
              exists (select from offer_terms t where t.offer_id = o.id and t.version = c.effective_version) as "isApproved"
         from placements p
         join offers o on o.id = p.offer_id
         join campaigns c on c.id = o.campaign_id
        where p.id = any($2::uuid[])
          and ($1::uuid is null or exists (
            select from campaign_participants m where m.campaign_id = c.id and m.partner_id = $1))`,
      [partnerId, placementIds],
    );
    return new Map(
      rows.map(({ customerKey, ...placement }) => [placement.placementId, { placement, customerKey }]),
    );
  }
}
