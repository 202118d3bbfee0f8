import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { CampaignCustomersRepository } from './campaign-customers.repository.js';
import type { MergedRefs } from './domain/merge-refs.js';
import { PromoReceiptsRepository } from './promo-receipts.repository.js';
import { lockRedeemers } from './redeemer-lock.repository.js';
import { RedemptionFactsRepository } from './redemption-facts.repository.js';
import { ReversedRedemptionRepository } from './reversed-redemption.repository.js';

/** Makes contributions and rollups say what the facts say. */
@Injectable()
export class RecomputeContributionsService {
  constructor(
    private readonly reversedRedemptions: ReversedRedemptionRepository,
    private readonly redemptionFacts: RedemptionFactsRepository,
    private readonly promoReceipts: PromoReceiptsRepository,
    private readonly campaignCustomers: CampaignCustomersRepository,
  ) {}

  /**
   * Brings everything that these facts touch up to date, in a number of statements that never changes. It reads the facts
   * again rather than being told them, so it may run twice, late or in any order. Needs a READ COMMITTED transaction:
   * each statement has to see what the last holder of the lock committed. Answers how many cells of the rollups changed.
   */
  async recompute(tx: Tx, { redeemerIds, redemptions, reversals, receipts }: MergedRefs): Promise<number> {
    await lockRedeemers(tx, redeemerIds);
    const reversed = await this.reversedRedemptions.find(tx, reversals);
    const touched = {
      partnerIds: [...redemptions.partnerIds, ...reversed.partnerIds],
      ids: [...redemptions.ids, ...reversed.ids],
    };
    const days = await this.redemptionFacts.recompute(tx, touched);
    const receiptDays = await this.promoReceipts.recompute(tx, touched, receipts);
    const customerDays = await this.campaignCustomers.recompute(tx, touched, receipts);
    return days + receiptDays + customerDays;
  }
}
