import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { RollupReadModel } from '../attribution/rollup.read-model.js';
import { type CampaignForReport, CampaignReadModel } from '../campaigns/campaign.read-model.js';
import { minorDigits } from '../kernel/money.js';
import { addDays, type LocalPeriod } from '../kernel/period.js';
import type { Ratio } from '../kernel/ratio.js';
import type { Channel } from '../partners/domain/channel.js';
import { PartnerReadModel } from '../partners/partner.read-model.js';
import type { Tx } from '../platform/database/tx.js';
import { channelDayProfit, countChannelDay } from '../receipts/domain/count-channel-day.js';
import { type ChannelDay, ReceiptReadModel } from '../receipts/receipt.read-model.js';
import { baselineWindow } from './domain/baseline-window.js';
import { type ChannelChoice, chooseChannels } from './domain/choose-channels.js';
import type { DailyValue, DayRange } from './domain/daily-values.js';
import {
  type CampaignUplift,
  type Known,
  measureCampaign,
  type NoProfitReason,
  type UpliftMetric,
  type UpliftSource,
} from './domain/measure-campaign.js';

/** Three years with a leap day: what came earlier was another shop, and the fit takes time for every day. */
const MAX_DAYS_BEFORE = 1096;
const DAY_MS = 86_400_000;

export interface UpliftRequest {
  readonly metric: UpliftMetric;
  readonly redeemerPartnerId: string;
  /** Channels that serve as controls; null: those of the terms, or the redeemer's idle ones. */
  readonly controls: readonly string[] | null;
  /** Days that are over, within the campaign. */
  readonly period: LocalPeriod;
}

/** Reads what the uplift of a campaign at one redeemer is measured from. Its cost grows with channels and days. */
@Injectable()
export class UpliftSourceReadModel {
  constructor(
    private readonly campaigns: CampaignReadModel,
    private readonly rollups: RollupReadModel,
    private readonly receipts: ReceiptReadModel,
    private readonly partners: PartnerReadModel,
  ) {}

  /** Epoch ms by the clock of the database. */
  async now(tx: Tx): Promise<number> {
    const row = await tx.row<{ now: string }>('select (extract(epoch from now()) * 1000)::bigint as now');
    return Number(row?.now);
  }

  /** In which the tills of a partner count. */
  async currencyOf(tx: Tx, partnerId: string): Promise<string> {
    const currency = await this.partners.partnerCurrency(tx, partnerId);
    if (currency === undefined) throw new Error(`redeemer ${partnerId} is not a partner`);
    return currency;
  }

  /** The channels that may be named as controls: the redeemer's own, and the agreed ones. */
  async eligibleChannels(tx: Tx, campaign: CampaignForReport, redeemerPartnerId: string): Promise<Channel[]> {
    const ids = campaign.participants.map(({ partnerId }) => partnerId);
    const channels = await this.partners.channelsOf(tx, ids);
    const agreed = new Set(campaign.controlChannels);
    return channels.filter(({ id, partnerId }) => partnerId === redeemerPartnerId || agreed.has(id));
  }

  /** Give it a snapshot. */
  async load(tx: Tx, campaign: CampaignForReport, request: UpliftRequest): Promise<UpliftSource> {
    const { redeemerPartnerId, metric, period } = request;
    const eligible = await this.eligibleChannels(tx, campaign, redeemerPartnerId);
    const redemptions = await this.redemptions(tx, campaign);
    const choice = chooseChannels({
      ...{ channels: eligible, redeemerPartnerId, redemptions },
      ...{ agreed: campaign.controlChannels, asked: request.controls },
    });
    const ids = [...choice.treated, ...choice.controls.flat()];
    const from = addDays(campaign.startsOn, -MAX_DAYS_BEFORE);
    const days = await this.receipts.channelDays(tx, ids, from, period.to);
    const partners = await this.partners.findPartners(
      tx,
      eligible.map(({ partnerId }) => partnerId),
    );
    const currencyOf = (partnerId: string): string => partners.get(partnerId)?.currency ?? campaign.currency;
    const valued = toValues(
      days,
      metric,
      new Map(eligible.map((channel) => [channel.id, channel])),
      currencyOf,
    );
    const currency = currencyOf(redeemerPartnerId);
    return {
      ...{ metric, choice, ...valued },
      start: dayNumber(campaign.startsOn),
      during: toRange(period),
      baseline: toRange(baselineWindow(period, campaign.startsOn)),
      marginRate: metric === 'revenue' ? marginOf(days, choice, eligible, period) : knownMargin(metric),
      cost: await this.cost(tx, campaign, request, currency),
    };
  }

  /**
   * What the source says. Outside of any transaction: the fit of three years takes most of a second, and between two of its steps
   * the process answers its tills.
   */
  async measure(source: UpliftSource): Promise<CampaignUplift> {
    const steps = measureCampaign(source);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await setImmediate();
    }
  }

  /** Accepted redemptions of the campaign by channel. */
  private async redemptions(tx: Tx, { id, period }: CampaignForReport): Promise<Map<string, number>> {
    const byChannel = new Map<string, number>();
    for (const cell of await this.rollups.campaignDays(tx, id, period.from, period.to)) {
      byChannel.set(cell.channelId, (byChannel.get(cell.channelId) ?? 0) + Number(cell.redemptions));
    }
    return byChannel;
  }

  /** Cost entries, discounts and gifts on the days in question. Entries belong to the campaign, not to one of several redeemers. */
  private async cost(
    tx: Tx,
    { id, currency, offers }: CampaignForReport,
    { redeemerPartnerId, period: { from, to } }: UpliftRequest,
    ownCurrency: string,
  ): Promise<Known<NoProfitReason>> {
    if (ownCurrency !== currency) return { undefined: 'currency-not-converted' };
    const entries = await this.campaigns.cost(tx, id, from, to);
    const isShared = offers.some((offer) => offer.redeemerPartnerId !== redeemerPartnerId);
    if (isShared && entries.length > 0) return { undefined: 'cost-not-allocated' };
    if (entries.some(({ unconverted }) => unconverted > 0n)) return { undefined: 'no-exchange-rate' };
    const cells = await this.rollups.campaignDays(tx, id, from, to);
    const given = cells
      .filter((cell) => cell.redeemerPartnerId === redeemerPartnerId)
      .reduce((sum, { discount, giftCost }) => sum + discount + giftCost, 0n);
    const spent = entries.reduce((sum, { amount }) => sum + amount, 0n);
    return { value: Number(given + spent) / 10 ** minorDigits(currency) };
  }
}

export function dayNumber(date: string): number {
  return Date.parse(date) / DAY_MS;
}

export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function toRange({ from, to }: LocalPeriod): DayRange {
  return { from: dayNumber(from), to: dayNumber(to) };
}

function knownMargin(metric: UpliftMetric): Known<NoProfitReason> {
  return metric === 'profit' ? { value: 1 } : { undefined: 'metric-has-no-profit' };
}

/** A day without a receipt was closed. Amounts become major units: from here on they are measurements, not money. */
function toValues(
  days: readonly ChannelDay[],
  metric: UpliftMetric,
  channels: ReadonlyMap<string, Channel>,
  currencyOf: (partnerId: string) => string,
): Pick<UpliftSource, 'values' | 'isComplete'> {
  let isComplete = true;
  const values: DailyValue[] = [];
  for (const day of days) {
    const channel = channels.get(day.channelId);
    const counted = countChannelDay(day);
    if (!channel || !counted || counted.receipts === 0n) continue;
    const value = valueOf(day, metric, channel.marginRate);
    if (value === null) isComplete = false;
    else {
      const unit = metric === 'receipts' ? 1 : 10 ** minorDigits(currencyOf(channel.partnerId));
      values.push({ channelId: day.channelId, day: dayNumber(day.day), value: value / unit });
    }
  }
  return { values, isComplete };
}

function valueOf(day: ChannelDay, metric: UpliftMetric, marginRate: Ratio | null): number | null {
  if (metric === 'profit') return toNumber(channelDayProfit(day, marginRate));
  const counted = countChannelDay(day);
  return counted && Number(metric === 'receipts' ? counted.receipts : counted.revenue);
}

/** The margin on the sales of the treated channels in the period: what one more of them is taken to earn. */
function marginOf(
  days: readonly ChannelDay[],
  { treated }: ChannelChoice,
  channels: readonly Channel[],
  { from, to }: LocalPeriod,
): Known<NoProfitReason> {
  const rates = new Map(channels.map(({ id, marginRate }) => [id, marginRate]));
  const isTreated = new Set(treated);
  let [profit, revenue] = [0, 0];
  for (const day of days) {
    const counted = countChannelDay(day);
    if (!counted || !isTreated.has(day.channelId) || day.day < from || day.day >= to) continue;
    const earned = toNumber(channelDayProfit(day, rates.get(day.channelId) ?? null));
    if (earned === null) return { undefined: 'no-margin-data' };
    profit += earned;
    revenue += Number(counted.revenue);
  }
  return revenue > 0 && profit >= 0 ? { value: profit / revenue } : { undefined: 'no-margin-data' };
}

function toNumber(ratio: Ratio | null): number | null {
  return ratio && Number(ratio.numerator) / Number(ratio.denominator);
}
