import { Injectable } from '@nestjs/common';
import type { Ratio } from '../kernel/ratio.js';
import type { KnownCustomer } from '../partners/partner-directory.read-model.js';
import type { Tx } from '../platform/database/tx.js';
import { type Arm, assignArm } from './domain/assign-arm.js';
import { HoldOutCampaigns } from './hold-out-campaigns.read-model.js';
import { HoldOutRepository } from './hold-out.repository.js';

/** Customers for whom codes of these redeemers are asked. */
export interface AskedCustomers {
  readonly campaignId: string;
  readonly redeemerIds: readonly string[];
  readonly share: Ratio;
  readonly matchIds: readonly string[];
}

/** Customers of a redeemer's sales, as far as its campaigns with a hold-out have to know them. `occurredAt` is epoch ms. */
export interface SeenCustomer {
  readonly occurredAt: number;
  readonly customer: KnownCustomer;
}

@Injectable()
export class HoldOutCommands {
  constructor(
    private readonly repository: HoldOutRepository,
    private readonly campaigns: HoldOutCampaigns,
  ) {}

  /** The arm of each customer, in order; whoever is asked for the first time is recorded in this transaction. */
  async assign(tx: Tx, { campaignId, redeemerIds, share, matchIds }: AskedCustomers): Promise<Arm[]> {
    const hashed = matchIds.map((matchId) => assignArm(matchId, share));
    const known = await this.repository.assign(tx, { campaignId, redeemerIds, matchIds, arms: hashed });
    return matchIds.map((matchId, index) => {
      const arm = known.get(matchId) ?? hashed[index];
      if (!arm) throw new Error('a customer has no arm');
      return arm;
    });
  }

  /**
   * What there is to remember of these customers within the campaigns with a hold-out that their sales fall into: a function for the
   * transaction, or null when nothing is, as for every partner without such a campaign. Call it before opening the transaction.
   */
  async linker(
    redeemerPartnerId: string,
    seen: readonly SeenCustomer[],
  ): Promise<((tx: Tx) => Promise<void>) | null> {
    if (seen.length === 0) return null;
    const campaigns = await this.campaigns.of(redeemerPartnerId);
    const links = campaigns.flatMap(({ campaignId, customerKey, startsAt, redeemBefore }) =>
      seen
        .filter(({ occurredAt }) => startsAt <= occurredAt && occurredAt < redeemBefore)
        .map(({ customer }) => ({
          campaignId,
          customerId: customer.id,
          matchId: customer.matchIdOf(customerKey),
        })),
    );
    return links.length === 0 ? null : (tx) => this.repository.link(tx, redeemerPartnerId, links);
  }
}
