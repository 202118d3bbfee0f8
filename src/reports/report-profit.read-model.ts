import { Injectable } from '@nestjs/common';
import { type CampaignForReport, CampaignReadModel } from '../campaigns/campaign.read-model.js';
import type { LocalPeriod } from '../kernel/period.js';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';
import { ReceiptReadModel } from '../receipts/receipt.read-model.js';
import { aftermathWindow, baselineWindow } from '../uplift/domain/baseline-window.js';
import type { UpliftSource } from '../uplift/domain/measure-campaign.js';
import { UpliftSourceReadModel } from '../uplift/uplift-source.read-model.js';
import { readIncrementalProfit } from './domain/incremental-profit.js';
import { type ProfitWindow, type ReportProfit, sumProfitWindow } from './domain/profit-facts.js';
import type { ReportSource } from './domain/report-source.js';
import { sum } from './domain/sums.js';
import type { UndefinedReason } from './domain/undefined-reason.js';

/** What of the profit was read, and what the uplift is still to be measured from. */
export interface LoadedProfit {
  readonly windows: ReportProfit['windows'];
  readonly uplift: UpliftSource | { readonly undefined: UndefinedReason };
}

/** Profit before, during and after a campaign, and the uplift of profit where the campaign is judged by it. */
@Injectable()
export class ReportProfitReadModel {
  constructor(
    private readonly campaigns: CampaignReadModel,
    private readonly receipts: ReceiptReadModel,
    private readonly uplift: UpliftSourceReadModel,
  ) {}

  /** Give it the snapshot of the report. */
  async load(
    tx: Tx,
    principal: Principal,
    campaign: CampaignForReport,
    source: ReportSource,
  ): Promise<LoadedProfit> {
    const redeemers = new Set(campaign.offers.map(({ redeemerPartnerId }) => redeemerPartnerId));
    const isOwner = ownsAll(principal, redeemers);
    const period = daysThatAreOver(campaign, source);
    return {
      windows: await this.windows(tx, campaign, source, { period, isOwner }),
      uplift: await this.upliftSource(tx, campaign, {
        period,
        isOwner,
        redeemers: [...redeemers],
        asOf: source.asOf,
      }),
    };
  }

  /** Outside of any transaction: it takes most of a second for three years of days. */
  async measure({ windows, uplift }: LoadedProfit, currency: string): Promise<ReportProfit> {
    if ('undefined' in uplift) return { windows, incremental: uplift };
    return { windows, incremental: readIncrementalProfit(await this.uplift.measure(uplift), currency) };
  }

  private async windows(
    tx: Tx,
    campaign: CampaignForReport,
    { channels, currency, cells, asOf }: ReportSource,
    { period, isOwner }: { readonly period: LocalPeriod; readonly isOwner: boolean },
  ): Promise<ReportProfit['windows']> {
    if (!campaign.isApproved || !isOwner) return { undefined: 'not-shared' };
    if (channels.some((channel) => channel.currency !== currency))
      return { undefined: 'currency-not-converted' };
    const rates = new Map(channels.map(({ id, marginRate }) => [id, marginRate]));
    const after = aftermathWindow(period, campaign.period.to);
    const periods = {
      before: baselineWindow(period, campaign.startsOn),
      during: period,
      after: { from: after.from, to: after.to < asOf ? after.to : asOf },
    };
    let withoutRate = 0n;
    const read = async ({ from, to }: LocalPeriod): Promise<ProfitWindow> => {
      const days = await this.receipts.channelDays(tx, [...rates.keys()], from, to);
      const entries = await this.campaigns.cost(tx, campaign.id, from, to);
      withoutRate += sum(entries, ({ unconverted }) => unconverted);
      const given = cells.filter(({ day }) => day >= from && day < to);
      const cost =
        sum(entries, ({ amount }) => amount) + sum(given, ({ discount, giftCost }) => discount + giftCost);
      return sumProfitWindow(days, rates, { from, to }, cost);
    };
    const windows = {
      before: await read(periods.before),
      during: await read(periods.during),
      after: await read(periods.after),
    };
    return withoutRate > 0n ? { undefined: 'no-exchange-rate' } : windows;
  }

  private async upliftSource(
    tx: Tx,
    campaign: CampaignForReport,
    asked: {
      readonly period: LocalPeriod;
      readonly isOwner: boolean;
      readonly redeemers: readonly string[];
      readonly asOf: string;
    },
  ): Promise<LoadedProfit['uplift']> {
    const { period, isOwner, redeemers, asOf } = asked;
    const [redeemerPartnerId, ...others] = redeemers;
    if (campaign.incomeBasis !== 'incremental_profit' || !campaign.isApproved)
      return { undefined: 'not-measured' };
    if (redeemerPartnerId === undefined || others.length > 0) return { undefined: 'profit-not-allocated' };
    const ends = campaign.period.to < asOf ? campaign.period.to : asOf;
    const isWhole = period.from === campaign.period.from && period.to >= ends;
    if (!isOwner && !isWhole) return { undefined: 'not-shared' };
    const source = await this.uplift.load(tx, campaign, {
      ...{ metric: 'profit', redeemerPartnerId, controls: null, period },
    });
    const isForeign = 'undefined' in source.cost && source.cost.undefined === 'currency-not-converted';
    return isForeign ? { undefined: 'currency-not-converted' } : source;
  }
}

function ownsAll({ partnerId }: Principal, redeemers: ReadonlySet<string>): boolean {
  return partnerId === null || [...redeemers].every((id) => id === partnerId);
}

/** Of the days asked for those of the campaign before today: half a day of sales would look like a loss. */
function daysThatAreOver({ period: shared }: CampaignForReport, { period, asOf }: ReportSource): LocalPeriod {
  const from = period.from > shared.from ? period.from : shared.from;
  const ends = [period.to, shared.to, asOf].sort();
  const to = ends[0] ?? asOf;
  return { from, to: to > from ? to : from };
}
