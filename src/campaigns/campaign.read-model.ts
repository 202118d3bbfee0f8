import { Injectable } from '@nestjs/common';
import type { LocalPeriod } from '../kernel/period.js';
import { parseRatio, type Ratio } from '../kernel/ratio.js';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';
import type { IncomeBasis } from './domain/campaign-terms.js';
import { describeReward } from './domain/describe-reward.js';
import {
  type KeptOfflinePolicy,
  type OfferState,
  type OfferTerms,
  type Pause,
  type ReversalPolicy,
  toOfflinePolicy,
} from './domain/offer-state.js';
import { type BudgetJson, fromBudgetJson } from './domain/budget.js';
import { fromRewardJson, type RewardJson } from './domain/reward-json.js';
import { fromTargetJson, type Target, type TargetJson } from './domain/target.js';
import type { ParticipantRole } from './domain/agreement.js';

/** An offer as the judge and the reversals need it. */
export interface OfferForJudge extends OfferState, ReversalPolicy {
  /** How often the campaign had changed; equal revisions are equal states. */
  readonly revision: number;
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  /** Makes the match ids of the campaign; secret. */
  readonly customerKey: Uint8Array;
  readonly currency: string;
  /** The redeemer's own: its receipts may be in this one too. */
  readonly redeemerCurrency: string;
  readonly timeZone: string;
  /** Each with its own reversal policy; the one on the offer itself is that of the version in force now. */
  readonly versions: readonly (OfferTerms & ReversalPolicy)[];
}

/** An offer as the makers of codes need it; `redeemBefore` is that of the terms in force, of the proposed ones in a draft. */
export interface OfferForCodes {
  readonly id: string;
  readonly campaignId: string;
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  readonly timeZone: string;
  /** Epoch ms; the campaign takes no codes from then on, or from `endedAt` when that is earlier. */
  readonly redeemBefore: number;
  readonly endedAt: number | null;
  /**
   * Whether the redeemer wants codes of this offer: it issues them itself, or has approved a version with the offer that is in
   * force or the latest. Until then nobody may take up words and patterns of its tills.
   */
  readonly isWanted: boolean;
}

/** A campaign as reports need it, with the terms in force, of the proposed ones in a draft. */
export interface CampaignForReport {
  readonly id: string;
  readonly currency: string;
  readonly timeZone: string;
  /** Whether every participant has approved a version: before that nobody has agreed to share anything. */
  readonly isApproved: boolean;
  /** All days on which codes are taken. */
  readonly period: LocalPeriod;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly incomeBasis: IncomeBasis;
  readonly newCustomerLookbackDays: number;
  readonly returningAfterDays: number;
  /** How long before a redemption a touch may lie to have a part in it. */
  readonly attributionLookbackDays: number;
  /** Channels that the participants have agreed to measure against. */
  readonly controlChannels: readonly string[];
  /** Percent; null when none was agreed. */
  readonly reciprocityTolerance: Ratio | null;
  readonly targets: readonly Target[];
  /** Null when codes are withheld from nobody. */
  readonly holdOutShare: Ratio | null;
  readonly participants: readonly { readonly partnerId: string; readonly role: ParticipantRole }[];
  readonly offers: readonly OfferForReport[];
}
export interface OfferForReport {
  readonly id: string;
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  /** Its place in the campaign and its reward: "2: 10 %". */
  readonly label: string;
}

/**
 * What was spent on one day in one category by one payer in one currency. `amount` is in minor units of the campaign currency, each
 * entry converted at the rate of the day; `unconverted` entries have none and are not in it.
 */
export interface CostSum {
  readonly category: string;
  readonly payerPartnerId: string;
  readonly day: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly unconverted: bigint;
}

/** Questions about campaigns and offers, for every feature above this one. */
@Injectable()
export class CampaignReadModel {
  /** The state of these offers with all approved versions, by offer id; unknown ids are left out. For the hot path. */
  async offerStates(tx: Tx, offerIds: readonly string[]): Promise<Map<string, OfferForJudge>> {
    const rows = await tx.prepared<OfferStateRow>('campaigns.offer-states', OFFER_STATES, [offerIds]);
    const states = new Map<string, OfferForJudge>();
    for (const versions of groupByOffer(rows)) states.set(versions[0].offerId, toOfferForJudge(versions));
    return states;
  }

  /** The offer, if the principal is the operator or at its issuer: only they may make codes for it. */
  async offerForIssuer(tx: Tx, principal: Principal, offerId: string): Promise<OfferForCodes | undefined> {
    const offer = await this.visibleOffer(tx, principal, offerId);
    const isIssuer = principal.role === 'operator' || principal.partnerId === offer?.issuerPartnerId;
    return isIssuer ? offer : undefined;
  }

  /** The offer, if the principal's partner takes part in its campaign. */
  async visibleOffer(tx: Tx, principal: Principal, offerId: string): Promise<OfferForCodes | undefined> {
    const row = await tx.row<OfferForCodesRow>(VISIBLE_OFFER, [offerId, principal.partnerId]);
    return (
      row && { ...row, redeemBefore: row.redeemBefore.getTime(), endedAt: row.endedAt?.getTime() ?? null }
    );
  }

  /** The campaign, if the principal's partner takes part in it. */
  async findVisible(
    tx: Tx,
    principal: Principal,
    campaignId: string,
  ): Promise<CampaignForReport | undefined> {
    const row = await tx.row<CampaignForReportRow>(VISIBLE_CAMPAIGN, [campaignId, principal.partnerId]);
    if (!row) return undefined;
    const {
      version,
      periodEnd,
      reciprocityTolerance: tolerance,
      holdOutShare: share,
      targets,
      ...campaign
    } = row;
    const participants = await tx.rows<{ partnerId: string; role: ParticipantRole }>(
      `select p.partner_id as "partnerId", p.role from campaign_participants p where p.campaign_id = $1 order by p.partner_id`,
      [campaignId],
    );
    const offers = await tx.rows<OfferForReportRow>(OFFERS_FOR_REPORT, [campaignId, version]);
    const period = { from: row.startsOn, to: periodEnd };
    return {
      ...campaign,
      period,
      participants,
      offers: offers.map(toOfferForReport),
      reciprocityTolerance: tolerance === null ? null : parseRatio(tolerance),
      holdOutShare: share === null ? null : parseRatio(share),
      targets: (targets ?? []).map(fromTargetJson),
    };
  }

  /** Actual costs (never planned ones) incurred on the days [fromDate, toDate). */
  async cost(tx: Tx, campaignId: string, fromDate: string, toDate: string): Promise<CostSum[]> {
    const rows = await tx.rows<
      Omit<CostSum, 'amount' | 'unconverted'> & { amount: string; unconverted: string }
    >(
      `select e.category, e.payer_partner_id as "payerPartnerId", e.incurred_on as day, coalesce(e.currency, c.currency) as currency,
         coalesce(sum(case when e.currency is null or e.amount = 0 then e.amount
                           else convert_minor(e.amount, r.numerator, r.denominator) end), 0) as amount,
         count(*) filter (where e.currency is not null and e.amount <> 0 and r.day is null) as unconverted
       from cost_entries e
       join campaigns c on c.id = e.campaign_id
       left join day_rates r on r.base = e.currency and r.quote = c.currency and r.day = e.incurred_on
       where e.campaign_id = $1 and e.incurred_on >= $2 and e.incurred_on < $3 and not e.planned
       group by e.category, e.payer_partner_id, e.incurred_on, coalesce(e.currency, c.currency)
       order by e.incurred_on, e.category, e.payer_partner_id, 4`,
      [campaignId, fromDate, toDate],
    );
    return rows.map((row) => ({
      ...row,
      amount: BigInt(row.amount),
      unconverted: BigInt(row.unconverted),
    }));
  }
}

// One row per offer and approved version; an offer without one still has its row, with nulls. Versions are approved in
// their order (only the newest can be), so ordering by version is ordering by approved_at.
const OFFER_STATES = `
  select o.id as "offerId", o.campaign_id as "campaignId", o.issuer_partner_id as "issuerPartnerId",
    o.redeemer_partner_id as "redeemerPartnerId", c.customer_key as "customerKey", c.currency,
    p.currency as "redeemerCurrency", c.time_zone as "timeZone", c.ended_at as "endedAt", c.revision,
    t.version, t.approved_at as "approvedAt", t.starts_at as "startsAt", t.redeem_before as "redeemBefore",
    t.return_use as "returnUse", t.void_minutes as "voidMinutes", t.offline_mode as "offlineMode",
    t.offline_max_delay_hours as "maxDelayHours", t.offline_bearer as "offlineBearer", t.budget, ot.reward, ot.minimum_spend as "minimumSpend",
    ot.maximum_discount as "maximumDiscount", ot.per_code_limit as "perCodeLimit",
    ot.per_customer_limit as "perCustomerLimit", ot.total_limit as "totalLimit", ot.daily_limit as "dailyLimit",
    array(select p.paused_at from campaign_pauses p where p.campaign_id = c.id order by p.paused_at) as "pausedAt",
    array(select p.resumed_at from campaign_pauses p where p.campaign_id = c.id order by p.paused_at) as "resumedAt"
  from offers o
  join campaigns c on c.id = o.campaign_id
  join partners p on p.id = o.redeemer_partner_id
  left join (offer_terms ot join campaign_terms t on t.version = ot.version and t.approved_at is not null)
    on ot.offer_id = o.id and t.campaign_id = o.campaign_id
  where o.id = any($1::uuid[])
  order by o.id, t.version`;

interface OfferStateRow {
  readonly offerId: string;
  readonly revision: number;
  readonly campaignId: string;
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  readonly customerKey: Buffer;
  readonly currency: string;
  readonly redeemerCurrency: string;
  readonly timeZone: string;
  readonly endedAt: Date | null;
  readonly pausedAt: readonly Date[];
  readonly resumedAt: readonly (Date | null)[];
  readonly version: number | null;
}
interface ApprovedRow extends OfferStateRow, ReversalPolicy, KeptOfflinePolicy {
  readonly version: number;
  readonly approvedAt: Date;
  readonly startsAt: Date;
  readonly redeemBefore: Date;
  readonly budget: BudgetJson | null;
  readonly reward: RewardJson;
  readonly minimumSpend: string | null;
  readonly maximumDiscount: string | null;
  readonly perCodeLimit: number | null;
  readonly perCustomerLimit: number | null;
  readonly totalLimit: number | null;
  readonly dailyLimit: number | null;
}
type Group = [OfferStateRow, ...OfferStateRow[]];

function groupByOffer(rows: readonly OfferStateRow[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const group = groups.get(row.offerId);
    if (group) group.push(row);
    else groups.set(row.offerId, [row]);
  }
  return groups.values();
}

/** Nothing of a draft was ever redeemed, so its policy is never asked for. */
const NO_POLICY: ReversalPolicy = { returnUse: 'always', voidMinutes: null };

function toOfferForJudge(rows: Group): OfferForJudge {
  const [first] = rows;
  const versions = rows.filter(isApproved).map(toTerms);
  return {
    offerId: first.offerId,
    revision: first.revision,
    campaignId: first.campaignId,
    hasBudget: versions.some(({ budget }) => budget !== null),
    issuerPartnerId: first.issuerPartnerId,
    redeemerPartnerId: first.redeemerPartnerId,
    customerKey: first.customerKey,
    currency: first.currency,
    redeemerCurrency: first.redeemerCurrency,
    timeZone: first.timeZone,
    returnUse: versions.at(-1)?.returnUse ?? NO_POLICY.returnUse,
    voidMinutes: versions.at(-1)?.voidMinutes ?? NO_POLICY.voidMinutes,
    versions,
    pauses: first.pausedAt.map((from, index) => toPause(from, first.resumedAt[index] ?? null)),
    endedAt: first.endedAt?.getTime() ?? null,
  };
}

function toPause(from: Date, to: Date | null): Pause {
  return { from: from.getTime(), to: to?.getTime() ?? null };
}

function isApproved(row: OfferStateRow): row is ApprovedRow {
  return row.version !== null;
}

function toTerms(row: ApprovedRow): OfferTerms & ReversalPolicy {
  return {
    version: row.version,
    approvedAt: row.approvedAt.getTime(),
    startsAt: row.startsAt.getTime(),
    redeemBefore: row.redeemBefore.getTime(),
    timeZone: row.timeZone,
    offlinePolicy: toOfflinePolicy(row),
    budget: row.budget && fromBudgetJson(row.budget),
    reward: fromRewardJson(row.reward),
    minimumSpend: row.minimumSpend === null ? null : BigInt(row.minimumSpend),
    maximumDiscount: row.maximumDiscount === null ? null : BigInt(row.maximumDiscount),
    perCodeLimit: row.perCodeLimit,
    perCustomerLimit: row.perCustomerLimit,
    totalLimit: row.totalLimit,
    dailyLimit: row.dailyLimit,
    returnUse: row.returnUse,
    voidMinutes: row.voidMinutes,
  };
}

const VISIBLE_TO = `($2::uuid is null or exists (
  select 1 from campaign_participants p where p.campaign_id = c.id and p.partner_id = $2))`;

const VISIBLE_OFFER = `
  select o.id, o.campaign_id as "campaignId", o.issuer_partner_id as "issuerPartnerId",
    o.redeemer_partner_id as "redeemerPartnerId", c.time_zone as "timeZone", t.redeem_before as "redeemBefore",
    c.ended_at as "endedAt",
    o.issuer_partner_id = o.redeemer_partner_id
      or exists (select 1 from offer_terms e where e.offer_id = o.id and e.version = c.effective_version)
      or exists (select 1 from campaign_approvals a
                  where a.campaign_id = c.id and a.version = c.latest_version and a.partner_id = o.redeemer_partner_id)
      as "isWanted"
  from offers o
  join campaigns c on c.id = o.campaign_id
  join campaign_terms t on t.campaign_id = c.id and t.version = coalesce(c.effective_version, c.latest_version)
  where o.id = $1 and ${VISIBLE_TO}`;

type OfferForCodesRow = Omit<OfferForCodes, 'redeemBefore' | 'endedAt'> & {
  readonly redeemBefore: Date;
  readonly endedAt: Date | null;
};

const VISIBLE_CAMPAIGN = `
  select c.id, c.currency, c.time_zone as "timeZone", t.version, t.starts_on as "startsOn", t.ends_on as "endsOn",
    (coalesce(t.redeem_until, t.ends_on) + 1) as "periodEnd", c.effective_version is not null as "isApproved", t.income_basis as "incomeBasis",
    t.new_customer_lookback_days as "newCustomerLookbackDays", t.returning_after_days as "returningAfterDays",
    t.attribution_lookback_days as "attributionLookbackDays",
    t.control_channels as "controlChannels",
    t.reciprocity_tolerance as "reciprocityTolerance", t.hold_out_share as "holdOutShare", t.targets
  from campaigns c
  join campaign_terms t on t.campaign_id = c.id and t.version = coalesce(c.effective_version, c.latest_version)
  where c.id = $1 and ${VISIBLE_TO}`;

type CampaignForReportRow = Omit<
  CampaignForReport,
  'period' | 'participants' | 'offers' | 'reciprocityTolerance' | 'holdOutShare' | 'targets'
> & {
  readonly version: number;
  readonly periodEnd: string;
  readonly reciprocityTolerance: string | null;
  readonly holdOutShare: string | null;
  readonly targets: readonly TargetJson[] | null;
};

// An offer of a version that still waits for approval has no part in a report yet.
const OFFERS_FOR_REPORT = `
  select o.id, o.issuer_partner_id as "issuerPartnerId", o.redeemer_partner_id as "redeemerPartnerId", o.position, ot.reward
  from offers o
  join offer_terms ot on ot.offer_id = o.id and ot.version = $2
  where o.campaign_id = $1
  order by o.position`;

type OfferForReportRow = Omit<OfferForReport, 'label'> & {
  readonly position: number;
  readonly reward: RewardJson;
};

function toOfferForReport({ position, reward, ...offer }: OfferForReportRow): OfferForReport {
  return { ...offer, label: `${position}: ${describeReward(fromRewardJson(reward))}` };
}
