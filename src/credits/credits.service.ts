import { Injectable } from '@nestjs/common';
import {
  ATTRIBUTION_MODELS,
  type AttributionModel,
  ModelComparison,
} from '../attribution/domain/compare-models.js';
import { RollupReadModel } from '../attribution/rollup.read-model.js';
import { type CampaignForReport, CampaignReadModel } from '../campaigns/campaign.read-model.js';
import { type AskedPeriod, resolvePeriod } from '../campaigns/domain/report-period.js';
import { invalidRequest, notFound } from '../kernel/errors.js';
import type { LocalPeriod } from '../kernel/period.js';
import { PartnerReadModel } from '../partners/partner.read-model.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { type CreditGroupBy, type CreditNames, groupPlacements } from './domain/credit-groups.js';
import type { CampaignCredits } from './domain/credits-answer.js';
import { JourneyReadModel } from './journey.read-model.js';

export interface CreditsQuestion extends AskedPeriod {
  /** All when left out. */
  readonly models?: readonly AttributionModel[] | undefined;
  readonly groupBy: CreditGroupBy;
  readonly halfLifeDays: number;
}

@Injectable()
export class CreditsService {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignReadModel,
    private readonly partners: PartnerReadModel,
    private readonly journeys: JourneyReadModel,
    private readonly rollups: RollupReadModel,
  ) {}

  /**
   * What each model credits to each group. Throws `not-found` for a campaign the principal's partner takes no part in,
   * `request.invalid` on a faulty period.
   */
  async credits(
    principal: Principal,
    campaignId: string,
    question: CreditsQuestion,
  ): Promise<CampaignCredits> {
    return this.database.snapshot(async (tx) => {
      const campaign = await this.campaigns.findVisible(tx, principal, campaignId);
      if (!campaign) throw notFound();
      const period = periodOf(question, campaign.period);
      return this.compare(tx, campaign, period, question);
    });
  }

  private async compare(
    tx: Tx,
    campaign: CampaignForReport,
    period: LocalPeriod,
    { models = ATTRIBUTION_MODELS, groupBy, halfLifeDays }: CreditsQuestion,
  ): Promise<CampaignCredits> {
    const { id: campaignId, currency, timeZone, attributionLookbackDays: lookbackDays } = campaign;
    const placements = await this.journeys.placements(tx, campaignId);
    const { groups, parties } = groupPlacements(placements, groupBy, await this.names(tx, campaign));
    const comparison = new ModelComparison(models, groups.length, halfLifeDays);
    const hasAges = models.includes('time_decay');
    const asked = { campaignId, period, timeZone, lookbackDays, parties, hasAges };
    for await (const page of this.journeys.journeys(tx, asked))
      for (const journey of page) comparison.take(journey);
    return {
      ...{ campaignId, period, currency, groupBy, halfLifeDays, models, groups },
      comparison: comparison.result(),
      receiptsWithoutRate: await this.receiptsWithoutRate(tx, campaignId, period),
    };
  }

  private async receiptsWithoutRate(tx: Tx, campaignId: string, { from, to }: LocalPeriod): Promise<bigint> {
    const days = await this.rollups.receiptDays(tx, campaignId, 'campaign', from, to);
    return days.reduce((sum, { unconvertedReceipts }) => sum + unconvertedReceipts, 0n);
  }

  private async names(tx: Tx, { participants, offers }: CampaignForReport): Promise<CreditNames> {
    const ids = participants.map(({ partnerId }) => partnerId);
    const partners = await this.partners.findPartners(tx, ids);
    return {
      partners: new Map([...partners.values()].map(({ id, name }) => [id, name])),
      offers: new Map(offers.map(({ id, label }) => [id, label])),
    };
  }
}

function periodOf(question: CreditsQuestion, campaignPeriod: LocalPeriod): LocalPeriod {
  const outcome = resolvePeriod(question, campaignPeriod);
  if (outcome.kind === 'period') return outcome.period;
  throw invalidRequest([{ pointer: `/${outcome.field}`, detail: outcome.detail }]);
}
