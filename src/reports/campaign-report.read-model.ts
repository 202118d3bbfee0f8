import { Injectable } from '@nestjs/common';
import { RollupReadModel } from '../attribution/rollup.read-model.js';
import { type CampaignForReport, CampaignReadModel } from '../campaigns/campaign.read-model.js';
import { CodeReadModel } from '../codes/code.read-model.js';
import { PartnerReadModel } from '../partners/partner.read-model.js';
import type { LocalPeriod } from '../kernel/period.js';
import type { Tx } from '../platform/database/tx.js';
import { DayRateReadModel } from '../rates/day-rate.read-model.js';
import type { DayRate } from '../rates/domain/day-rate.js';
import { type ChannelDay, ReceiptReadModel } from '../receipts/receipt.read-model.js';
import { receiptGrains, type ReportCut } from './domain/report-cut.js';
import type { RedemptionCell, ReportChannel, ReportPlacement, ReportSource } from './domain/report-source.js';

/** What the caller decided: which days, how they are cut, and what day it is in the campaign zone. */
export interface ReportRequest {
  readonly period: LocalPeriod;
  readonly cut: ReportCut;
  readonly asOf: string;
}

/**
 * Reads what a report is made from, in a number of statements that never changes: daily rollups and small tables. What it
 * costs grows with channels and days, not with redemptions.
 */
@Injectable()
export class CampaignReportReadModel {
  constructor(
    private readonly campaigns: CampaignReadModel,
    private readonly rollups: RollupReadModel,
    private readonly receipts: ReceiptReadModel,
    private readonly partners: PartnerReadModel,
    private readonly codes: CodeReadModel,
    private readonly rates: DayRateReadModel,
  ) {}

  /** Give it a snapshot: rollups and costs of different moments would not add up. */
  async load(tx: Tx, campaign: CampaignForReport, request: ReportRequest): Promise<ReportSource> {
    const { id, currency, incomeBasis, offers } = campaign;
    const { period, asOf } = request;
    const { from, to } = period;
    const cells = await this.rollups.campaignDays(tx, id, from, to);
    const channels = await this.channels(tx, campaign, cells);
    const costs = await this.campaigns.cost(tx, id, from, to);
    return {
      ...{ campaignId: id, currency, incomeBasis, period, asOf, cells, offers },
      ...(await this.promoReceipts(tx, id, request)),
      ...channels,
      channelDays: await this.channelDays(tx, campaign, channels.channels, period),
      costs,
      dayRates: await this.dayRates(tx, currency, period, [...channels.channels, ...costs]),
      coupons: await this.codes.couponsIssued(tx, id),
      placements: receiptGrains(request.cut).groups === 'placement' ? await this.placements(tx, id) : [],
    };
  }

  /**
   * Receipts of the redeemers, which is more than the campaign's own: a participant sees them for the days of a campaign that
   * all have approved, and for no other day.
   */
  private async channelDays(
    tx: Tx,
    { isApproved, period: shared }: CampaignForReport,
    channels: readonly ReportChannel[],
    asked: LocalPeriod,
  ): Promise<ChannelDay[]> {
    if (!isApproved) return [];
    const from = asked.from > shared.from ? asked.from : shared.from;
    const to = asked.to < shared.to ? asked.to : shared.to;
    const ids = channels.map((channel) => channel.id);
    return this.receipts.channelDays(tx, ids, from, to);
  }

  private async promoReceipts(
    tx: Tx,
    campaignId: string,
    { period: { from, to }, cut }: ReportRequest,
  ): Promise<Pick<ReportSource, 'receipts' | 'groupReceipts'>> {
    const { total, groups } = receiptGrains(cut);
    const receipts = await this.rollups.receiptDays(tx, campaignId, total, from, to);
    const groupReceipts =
      groups === total ? [] : await this.rollups.receiptDays(tx, campaignId, groups, from, to);
    return { receipts, groupReceipts };
  }

  private async channels(
    tx: Tx,
    { offers, participants }: CampaignForReport,
    cells: readonly RedemptionCell[],
  ): Promise<{ channels: ReportChannel[]; partnerNames: Map<string, string> }> {
    const partners = await this.partners.findPartners(
      tx,
      participants.map(({ partnerId }) => partnerId),
    );
    const redeemers = [...offers, ...cells].map(({ redeemerPartnerId }) => redeemerPartnerId);
    const channels = await this.partners.channelsOf(tx, [...new Set(redeemers)]);
    return {
      channels: channels.map((channel) => ({
        ...channel,
        currency: partners.get(channel.partnerId)?.currency ?? '',
      })),
      partnerNames: new Map([...partners.values()].map(({ id, name }) => [id, name])),
    };
  }

  /** Nothing is asked where everything is in the campaign currency. */
  private async dayRates(
    tx: Tx,
    quote: string,
    period: LocalPeriod,
    amounts: readonly { readonly currency: string }[],
  ): Promise<DayRate[]> {
    const bases = new Set(amounts.map(({ currency }) => currency));
    bases.delete(quote);
    return this.rates.ofDays(tx, { quote, bases: [...bases], ...period });
  }

  private async placements(tx: Tx, campaignId: string): Promise<ReportPlacement[]> {
    return tx.rows<ReportPlacement>(
      `select p.id, p.offer_id as "offerId", p.channel_id as "channelId", c.name as "channelName", p.label
         from offers as o
         join placements as p on p.offer_id = o.id
         left join channels as c on c.id = p.channel_id
        where o.campaign_id = $1
        order by p.id`,
      [campaignId],
    );
  }
}
