import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
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
  ) {}

  async record(principal: Principal, campaignId: string, proposal: CostEntryProposal): Promise<CostEntry> {
    const entry = { id: this.clock.newId(), campaignId, ...proposal };
    return this.database.transaction(async (tx) => {
      await this.costs.holdCampaign(tx, campaignId);
      const campaign = await this.costs.findCampaign(tx, principal, campaignId);
      if (!campaign) throw notFound();
      assertFits(entry, campaign);
      return this.costs.insert(tx, entry, principal.keyId);
    });
  }

  async list(principal: Principal, campaignId: string, page: PageRequest): Promise<Page<CostEntry>> {
    return this.database.snapshot(async (tx) => {
      const campaign = await this.costs.findCampaign(tx, principal, campaignId);
      if (!campaign) throw notFound();
      return this.costs.list(tx, campaignId, campaign.currency, page);
    });
  }
}

function assertFits({ payerPartnerId, amount }: NewCostEntry, campaign: CostedCampaign): void {
  if (!campaign.participantIds.includes(payerPartnerId)) {
    const detail = 'is not a participant of the campaign';
    throw refusal({ code: 'participant.missing', pointer: '/payerPartnerId', detail });
  }
  if (amount.currency !== campaign.currency) {
    const detail = `must be ${campaign.currency}, the currency of the campaign`;
    throw refusal({ code: 'currency.mismatch', pointer: '/amount/currency', detail });
  }
}
