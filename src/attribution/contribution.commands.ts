import type { Tx } from '../platform/database/tx.js';
import { DayRateCommands } from '../rates/day-rate.commands.js';
import { CampaignCustomersRepository } from './campaign-customers.repository.js';
import { FactRatesRepository } from './fact-rates.repository.js';
import { planFor, preferIndexes } from './index-plans.js';
import { PairCustomersRepository } from './pair-customers.repository.js';
import { RecomputeContributionsService } from './recompute-contributions.service.js';
import { lockRedeemers } from './redeemer-lock.repository.js';
import { RedemptionFactsRepository } from './redemption-facts.repository.js';
import { type RenamedCustomer, RenamedCustomersRepository } from './renamed-customers.repository.js';
import { ReversedRedemptionRepository } from './reversed-redemption.repository.js';

/** Facts of a redeemer, by their ids. */
export interface NamedFacts {
  readonly redemptions: readonly string[];
  readonly receipts: readonly string[];
}

/** Changes to contributions and rollups that follow from no new fact. */
export class ContributionCommands {
  private readonly contributions = new RecomputeContributionsService(
    new ReversedRedemptionRepository(),
    new FactRatesRepository(),
    new DayRateCommands(),
    new RedemptionFactsRepository(),
    new CampaignCustomersRepository(),
    new PairCustomersRepository(),
  );

  private readonly renamed = new RenamedCustomersRepository();

  /** Keeps every worker away from the contributions and rollups of a redeemer until the transaction ends. */
  async lock(tx: Tx, redeemerId: string): Promise<void> {
    await lockRedeemers(tx, [redeemerId]);
  }

  /**
   * Makes the contributions of these redemptions say again what the facts say, as a worker's turn would, and gives the rollups the
   * difference. The caller holds the redeemer, in a READ COMMITTED transaction.
   */
  async recompute(tx: Tx, redeemerId: string, redemptions: readonly string[]): Promise<void> {
    await preferIndexes(tx);
    await planFor(tx, redemptions.length);
    await this.contributions.recompute(tx, { redeemerId, redemptions, reversals: [], receipts: [] });
  }

  /**
   * Gives what a customer contributes to another id, whose these facts are already, and makes it say what the facts say. The caller
   * holds the redeemer, in a READ COMMITTED transaction. The rollups stay what they were, unless both ids have been counted.
   */
  async renameCustomer(
    tx: Tx,
    redeemerId: string,
    customer: RenamedCustomer,
    { redemptions, receipts }: NamedFacts,
  ): Promise<void> {
    await preferIndexes(tx);
    await planFor(tx, redemptions.length + receipts.length);
    await this.renamed.rename(tx, redeemerId, customer);
    await this.contributions.recompute(tx, { redeemerId, redemptions, reversals: [], receipts });
  }
}
