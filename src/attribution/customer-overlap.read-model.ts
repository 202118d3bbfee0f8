import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/** A campaign in which a redeemer has customers, and how many of them it shares with the one that was asked about. */
export interface CampaignOverlap {
  readonly campaignId: string;
  readonly name: string;
  readonly customers: bigint;
  readonly shared: bigint;
}

/** Whom campaigns of one redeemer have in common. */
@Injectable()
export class CustomerOverlapReadModel {
  /**
   * The campaigns that this redeemer has customers in, the one asked about among them. A customer has one row per campaign as
   * long as one of its redemptions there counts, so the counts are exact. One walk through the customers of one redeemer, in the
   * order of its key.
   */
  async ofRedeemer(tx: Tx, redeemerId: string, campaignId: string): Promise<CampaignOverlap[]> {
    const rows = await tx.rows<{ campaignId: string; name: string; customers: string; shared: string }>(
      `select o.campaign_id as "campaignId", c.name, o.customers, o.shared
         from (
           select other.campaign_id, count(*) as customers, count(mine.customer_id) as shared
             from campaign_customers as other
             left join campaign_customers as mine
               on mine.redeemer_partner_id = other.redeemer_partner_id and mine.customer_id = other.customer_id
              and mine.campaign_id = $2
            where other.redeemer_partner_id = $1
            group by other.campaign_id
         ) as o
         join campaigns as c on c.id = o.campaign_id
        where exists (
          select from campaign_participants as p where p.campaign_id = o.campaign_id and p.partner_id = $1
        )
        order by o.shared desc, o.campaign_id`,
      [redeemerId, campaignId],
    );
    return rows.map(({ customers, shared, ...row }) => ({
      ...row,
      customers: BigInt(customers),
      shared: BigInt(shared),
    }));
  }
}
