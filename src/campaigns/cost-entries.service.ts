import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import { DayRateCommands } from '../rates/day-rate.commands.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import type { Page, PageRequest } from '../platform/http/page.js';
import { refusal } from './campaign-guards.js';
import {
  type CostedCampaign,
  type CostEntry,
  CostEntryRepository,
  type NewCostEntry,
} from './cost-entry.repository.js';

export type CostEntryProposal = Omit<NewCostEntry, 'id' | 'campaignId'>;

/** What partners spend on a campaign, also after it has ended: invoices come late. */
@Injectable()
export class CostEntriesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly costs: CostEntryRepository,
    private readonly rates: DayRateCommands,
  ) {}

  async record(principal: Principal, campaignId: string, proposal: CostEntryProposal): Promise<CostEntry> {
    const entry = { id: this.clock.newId(), campaignId, ...proposal };
    return this.database.transaction(async (tx) => {
      await this.costs.holdCampaign(tx, campaignId);
      const campaign = await this.costs.findCampaign(tx, principal, campaignId);
      if (!campaign) throw notFound();
      assertFits(entry, campaign);
      await this.fixRate(tx, entry, campaign.currency);
      return this.costs.insert(tx, entry, campaign.currency, principal.keyId);
    });
  }

  /** Without a rate, and with a day that has not come, the report looks for one when it is asked. */
  private async fixRate(
    tx: Tx,
    { amount, incurredOn, planned }: NewCostEntry,
    currency: string,
  ): Promise<void> {
    if (planned || amount.currency === currency) return;
    await this.rates.fix(tx, [{ base: amount.currency, quote: currency, day: incurredOn }]);
  }

  async list(principal: Principal, campaignId: string, page: PageRequest): Promise<Page<CostEntry>> {
    return this.database.snapshot(async (tx) => {
      const campaign = await this.costs.findCampaign(tx, principal, campaignId);
      if (!campaign) throw notFound();
      return this.costs.list(tx, campaignId, campaign.currency, page);
    });
  }
}

function assertFits({ payerPartnerId }: NewCostEntry, campaign: CostedCampaign): void {
  if (!campaign.participantIds.includes(payerPartnerId)) {
    const detail = 'is not a participant of the campaign';
    throw refusal({ code: 'participant.missing', pointer: '/payerPartnerId', detail });
  }
}
