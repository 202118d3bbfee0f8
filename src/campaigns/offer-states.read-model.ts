import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { CampaignReadModel, type OfferForJudge } from './campaign.read-model.js';

/** An offer and how often its campaign had changed when the asker looked. */
export interface OfferAtRevision {
  readonly offerId: string;
  readonly revision: number;
}

/** More offers than one process serves in a busy hour; then the memory is given back and filled anew. */
const KEPT = 10_000;

/**
 * The states of offers as of a revision of their campaign. A state is kept and never goes stale: every change of a campaign raises
 * its revision, which the asker reads together with the codes, so an older state is not answered but read anew.
 */
@Injectable()
export class OfferStates {
  private readonly kept = new Map<string, OfferForJudge>();

  constructor(private readonly campaigns: CampaignReadModel) {}

  /** The state of each offer, not older than asked for, by offer id. Asks the database only for what changed since it was kept. */
  async asOf(tx: Tx, asked: readonly OfferAtRevision[]): Promise<ReadonlyMap<string, OfferForJudge>> {
    const outdated = asked.filter(
      ({ offerId, revision }) => (this.kept.get(offerId)?.revision ?? -1) < revision,
    );
    if (outdated.length > 0) await this.refresh(tx, [...new Set(outdated.map(({ offerId }) => offerId))]);
    return this.kept;
  }

  private async refresh(tx: Tx, offerIds: readonly string[]): Promise<void> {
    const states = await this.campaigns.offerStates(tx, offerIds);
    if (this.kept.size + states.size > KEPT) this.kept.clear();
    for (const [offerId, state] of states) this.kept.set(offerId, state);
  }
}
