import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { DayRateCommands } from '../rates/day-rate.commands.js';
import { CampaignCustomersRepository } from './campaign-customers.repository.js';
import type { RedeemerRefs } from './domain/merge-refs.js';
import { FactRatesRepository } from './fact-rates.repository.js';
import { PairCustomersRepository } from './pair-customers.repository.js';
import { RedemptionFactsRepository } from './redemption-facts.repository.js';
import { ReversedRedemptionRepository } from './reversed-redemption.repository.js';

/** Makes contributions and rollups say what the facts say. */
@Injectable()
export class RecomputeContributionsService {
  constructor(
    private readonly reversedRedemptions: ReversedRedemptionRepository,
    private readonly factRates: FactRatesRepository,
    private readonly dayRates: DayRateCommands,
    private readonly redemptionFacts: RedemptionFactsRepository,
    private readonly campaignCustomers: CampaignCustomersRepository,
    private readonly pairCustomers: PairCustomersRepository,
  ) {}

  /**
   * Brings everything that these facts of a redeemer touch up to date, in at most six statements. It reads the facts again
   * rather than being told them, so it may run twice, late or in any order. The redeemer must be locked, in a READ COMMITTED
   * transaction: each statement has to see what the last holder of the lock committed. Answers how many cells of the rollups
   * changed.
   */
  async recompute(tx: Tx, { redeemerId, redemptions, reversals, receipts }: RedeemerRefs): Promise<number> {
    const reversed = await this.reversedRedemptions.find(tx, redeemerId, reversals);
    const touched = [...redemptions, ...reversed];
    // Nearly always nothing: campaigns in the currency of the redeemer need no rate, and a day is fixed once.
    const unfixed = await this.factRates.findUnfixed(tx, redeemerId, touched, receipts);
    if (unfixed.length > 0) await this.dayRates.fix(tx, unfixed);
    const cells = await this.redemptionFacts.recompute(tx, redeemerId, touched, receipts);
    const customerDays = await this.campaignCustomers.recompute(tx, redeemerId, touched, receipts);
    const pairDays = await this.pairCustomers.recompute(tx, redeemerId, touched);
    return cells + customerDays + pairDays;
  }
}
