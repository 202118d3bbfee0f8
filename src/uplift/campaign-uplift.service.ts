import { Injectable } from '@nestjs/common';
import { type CampaignForReport, CampaignReadModel } from '../campaigns/campaign.read-model.js';
import { conflict, forbidden, invalidRequest, notFound } from '../kernel/errors.js';
import { localDate, type LocalPeriod } from '../kernel/period.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import type { UpliftMetric } from './domain/measure-campaign.js';
import { measureHoldOut } from './domain/measure-hold-out.js';
import { upliftPeriod } from './domain/uplift-period.js';
import { HoldOutOutcomesReadModel } from './hold-out-outcomes.read-model.js';
import type { MeasuredUplift } from './uplift-answer.js';
import { UpliftSourceReadModel } from './uplift-source.read-model.js';

export interface UpliftQuestion {
  readonly metric: UpliftMetric;
  readonly partnerId?: string | undefined;
  readonly controls?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

@Injectable()
export class CampaignUpliftService {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignReadModel,
    private readonly sources: UpliftSourceReadModel,
    private readonly outcomes: HoldOutOutcomesReadModel,
  ) {}

  /**
   * Throws `not-found` for a campaign the principal's partner takes no part in, 409 before all have approved it, 403 when another
   * participant than the redeemer asks for more than the whole, `request.invalid` on a faulty question.
   */
  async measure(principal: Principal, campaignId: string, question: UpliftQuestion): Promise<MeasuredUplift> {
    const { source, outcomes, ...about } = await this.database.snapshot(async (tx) => {
      const campaign = await this.campaigns.findVisible(tx, principal, campaignId);
      if (!campaign) throw notFound();
      if (!campaign.isApproved) throw notApproved();
      const redeemerPartnerId = redeemerOf(campaign, question.partnerId);
      const isOwner = principal.partnerId === null || principal.partnerId === redeemerPartnerId;
      if (!isOwner) assertWhole(question);
      const period = periodOf(question, campaign, localDate(await this.sources.now(tx), campaign.timeZone));
      await this.assertEligible(tx, campaign, redeemerPartnerId, question.controls);
      const controls = question.controls ?? null;
      const request = { metric: question.metric, redeemerPartnerId, controls, period };
      const currency = await this.sources.currencyOf(tx, redeemerPartnerId);
      const source = await this.sources.load(tx, campaign, request);
      const outcomes = await this.outcomes.load(tx, campaign, { redeemerPartnerId, currency, period });
      return { source, outcomes, campaignId, redeemerPartnerId, period, isOwner, currency };
    });
    const holdOut = measureHoldOut(outcomes, source.cost);
    return { ...about, source, holdOut, uplift: await this.sources.measure(source) };
  }

  private async assertEligible(
    tx: Tx,
    campaign: CampaignForReport,
    redeemerPartnerId: string,
    controls: readonly string[] | undefined,
  ): Promise<void> {
    if (!controls) return;
    const eligible = await this.sources.eligibleChannels(tx, campaign, redeemerPartnerId);
    const ids = new Set(eligible.map(({ id }) => id));
    if (controls.every((id) => ids.has(id))) return;
    throw faulty(
      'controls',
      'must be channels of the redeemer, or controls that the terms of the campaign name',
    );
  }
}

function redeemerOf({ offers }: CampaignForReport, asked: string | undefined): string {
  const redeemers = new Set(offers.map(({ redeemerPartnerId }) => redeemerPartnerId));
  const [only, ...others] = redeemers;
  if (asked !== undefined) {
    if (redeemers.has(asked)) return asked;
    throw faulty('partnerId', 'must be a redeemer of the campaign');
  }
  if (only !== undefined && others.length === 0) return only;
  throw faulty('partnerId', 'is needed: the campaign has several redeemers');
}

/** With other days and other controls, day after day of another partner's sales could be worked out. */
function assertWhole({ from, to, controls }: UpliftQuestion): void {
  if (from === undefined && to === undefined && controls === undefined) return;
  throw forbidden('Only the redeemer and the operator may choose days and controls; others see the whole.');
}

function periodOf(question: UpliftQuestion, campaign: CampaignForReport, today: string): LocalPeriod {
  const outcome = upliftPeriod(question, campaign.period, today);
  if (outcome.kind === 'period') return outcome.period;
  throw faulty(outcome.field, outcome.detail);
}

function faulty(field: string, detail: string): Error {
  return invalidRequest([{ pointer: `/${field}`, detail }]);
}

function notApproved(): Error {
  return conflict('campaign.not-approved', 'Not every participant has approved the campaign yet.');
}
