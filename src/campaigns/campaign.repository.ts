import { Injectable } from '@nestjs/common';
import { parseRatio } from '../kernel/ratio.js';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';
import type { CampaignKind, ParticipantRole } from './domain/agreement.js';
import { type BudgetJson, fromBudgetJson } from './domain/budget.js';
import type { Campaign, CampaignSummary } from './domain/campaign.js';
import type { IncomeBasis } from './domain/campaign-terms.js';
import { type KeptOfflinePolicy, type ReversalPolicy, toOfflinePolicy } from './domain/offer-state.js';
import { fromTargetJson, type TargetJson } from './domain/target.js';
import { OfferRepository } from './offer.repository.js';

/** Finds campaigns as the principal may see them: the operator all, a partner those it takes part in, in every state. */
@Injectable()
export class CampaignRepository {
  constructor(private readonly offers: OfferRepository) {}

  async find(tx: Tx, principal: Principal, id: string): Promise<Campaign | undefined> {
    const row = await tx.row<CampaignRow>(`${SELECT} where c.id = $1 and ${VISIBLE_TO('$2')}`, [
      id,
      principal.partnerId,
    ]);
    if (!row) return undefined;
    const [summary] = await this.withChildren(tx, [row]);
    if (!summary) return undefined;
    const offers = await this.offers.ofVersion(tx, id, row.latestVersion, row.currency);
    return { ...summary, agreement: { ...summary.agreement, offers } };
  }

  /** The campaign, and nobody else changes it until the transaction ends. */
  async lock(tx: Tx, principal: Principal, id: string): Promise<Campaign | undefined> {
    await tx.row(`select c.id from campaigns c where c.id = $1 and ${VISIBLE_TO('$2')} for update`, [
      id,
      principal.partnerId,
    ]);
    // A second statement, because the first one may have waited: this one sees what was committed meanwhile.
    return this.find(tx, principal, id);
  }

  async list(tx: Tx, principal: Principal, page: PageRequest): Promise<Page<CampaignSummary>> {
    const rows = await tx.rows<CampaignRow>(
      `${SELECT} where ($1::uuid is null or c.id > $1) and ${VISIBLE_TO('$2')} order by c.id limit $3`,
      [page.after, principal.partnerId, page.limit + 1],
    );
    const { items, nextCursor } = toPage(rows, page.limit, (row) => row);
    return { items: await this.withChildren(tx, items), nextCursor };
  }

  private async withChildren(tx: Tx, rows: readonly CampaignRow[]): Promise<CampaignSummary[]> {
    const ids = [rows.map(({ id }) => id)];
    const children = {
      participants: await tx.rows<ParticipantRow>(PARTICIPANTS, ids),
      approvals: await tx.rows<ApprovalRow>(APPROVALS, ids),
      pauses: await tx.rows<PauseRow>(PAUSES, ids),
    };
    return rows.map((row) => toSummary(row, children));
  }
}

const VISIBLE_TO = (partnerId: string) => `(${partnerId}::uuid is null or exists (
  select 1 from campaign_participants p where p.campaign_id = c.id and p.partner_id = ${partnerId}))`;

const SELECT = `
  select c.id, c.name, c.kind, c.currency, c.time_zone as "timeZone", c.lead_partner_id as "leadPartnerId",
    c.latest_version as "latestVersion", c.effective_version as "effectiveVersion", c.ended_at as "endedAt", c.revision,
    c.created_at as "createdAt", clock_timestamp() as "readAt", t.starts_on as "startsOn", t.ends_on as "endsOn",
    t.redeem_until as "redeemUntil", t.income_basis as "incomeBasis",
    t.new_customer_lookback_days as "newCustomerLookbackDays", t.returning_after_days as "returningAfterDays",
    t.attribution_lookback_days as "attributionLookbackDays",
    t.return_use as "returnUse", t.void_minutes as "voidMinutes", t.offline_mode as "offlineMode",
    t.offline_max_delay_hours as "maxDelayHours", t.offline_bearer as "offlineBearer", t.budget, t.control_channels as "controlChannels",
    t.reciprocity_tolerance as "reciprocityTolerance", t.hold_out_share as "holdOutShare", t.targets, e.starts_at as "effectiveStartsAt",
    e.redeem_before as "effectiveRedeemBefore"
  from campaigns c
  join campaign_terms t on t.campaign_id = c.id and t.version = c.latest_version
  left join campaign_terms e on e.campaign_id = c.id and e.version = c.effective_version`;

const PARTICIPANTS = `
  select p.campaign_id as "campaignId", p.partner_id as "partnerId", p.role
  from campaign_participants p where p.campaign_id = any($1::uuid[]) order by p.partner_id`;
const APPROVALS = `
  select a.campaign_id as "campaignId", a.partner_id as "partnerId", a.version, a.approved_at as "approvedAt"
  from campaign_approvals a where a.campaign_id = any($1::uuid[]) order by a.version, a.partner_id`;
const PAUSES = `
  select p.campaign_id as "campaignId", p.paused_at as "pausedAt", p.resumed_at as "resumedAt"
  from campaign_pauses p where p.campaign_id = any($1::uuid[]) order by p.paused_at`;

interface CampaignRow extends KeptOfflinePolicy {
  readonly id: string;
  readonly name: string;
  readonly kind: CampaignKind;
  readonly currency: string;
  readonly timeZone: string;
  readonly leadPartnerId: string | null;
  readonly latestVersion: number;
  readonly effectiveVersion: number | null;
  readonly endedAt: Date | null;
  readonly revision: number;
  readonly createdAt: Date;
  readonly readAt: Date;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly redeemUntil: string | null;
  readonly incomeBasis: IncomeBasis;
  readonly newCustomerLookbackDays: number;
  readonly returningAfterDays: number;
  readonly attributionLookbackDays: number;
  readonly returnUse: ReversalPolicy['returnUse'];
  readonly voidMinutes: number | null;
  readonly budget: BudgetJson | null;
  readonly controlChannels: readonly string[];
  readonly reciprocityTolerance: string | null;
  readonly holdOutShare: string | null;
  readonly targets: readonly TargetJson[] | null;
  readonly effectiveStartsAt: Date | null;
  readonly effectiveRedeemBefore: Date | null;
}
interface ParticipantRow {
  readonly campaignId: string;
  readonly partnerId: string;
  readonly role: ParticipantRole;
}
interface ApprovalRow {
  readonly campaignId: string;
  readonly partnerId: string;
  readonly version: number;
  readonly approvedAt: Date;
}
interface PauseRow {
  readonly campaignId: string;
  readonly pausedAt: Date;
  readonly resumedAt: Date | null;
}
interface Children {
  readonly participants: readonly ParticipantRow[];
  readonly approvals: readonly ApprovalRow[];
  readonly pauses: readonly PauseRow[];
}

function toSummary(row: CampaignRow, children: Children): CampaignSummary {
  const { id, leadPartnerId, revision, latestVersion, effectiveVersion } = row;
  const isOwn = ({ campaignId }: { readonly campaignId: string }) => campaignId === id;
  return {
    ...{ id, leadPartnerId, revision, latestVersion, effectiveVersion },
    agreement: toAgreement(row, children.participants.filter(isOwn)),
    approvals: children.approvals.filter(isOwn).map(({ partnerId, version, approvedAt }) => ({
      partnerId,
      version,
      approvedAt: approvedAt.getTime(),
    })),
    pauses: children.pauses
      .filter(isOwn)
      .map(({ pausedAt, resumedAt }) => ({ from: pausedAt.getTime(), to: resumedAt?.getTime() ?? null })),
    window: toWindow(row),
    endedAt: row.endedAt?.getTime() ?? null,
    createdAt: row.createdAt.getTime(),
    readAt: row.readAt.getTime(),
  };
}

function toAgreement(
  row: CampaignRow,
  participants: readonly ParticipantRow[],
): CampaignSummary['agreement'] {
  const { name, kind, currency, timeZone, startsOn, endsOn, redeemUntil, incomeBasis } = row;
  const { newCustomerLookbackDays, returningAfterDays, attributionLookbackDays, returnUse, voidMinutes } =
    row;
  return {
    ...{ name, kind, currency, timeZone },
    participants: participants.map(({ partnerId, role }) => ({ partnerId, role })),
    terms: {
      ...{ startsOn, endsOn, redeemUntil, incomeBasis, newCustomerLookbackDays, returningAfterDays },
      attributionLookbackDays,
      reversalPolicy: { returnUse, voidMinutes },
      offlinePolicy: toOfflinePolicy(row),
      budget: row.budget && fromBudgetJson(row.budget),
      controlChannels: row.controlChannels,
      reciprocityTolerance: row.reciprocityTolerance === null ? null : parseRatio(row.reciprocityTolerance),
      holdOutShare: row.holdOutShare === null ? null : parseRatio(row.holdOutShare),
      targets: (row.targets ?? []).map(fromTargetJson),
    },
  };
}

function toWindow({ effectiveStartsAt, effectiveRedeemBefore }: CampaignRow): CampaignSummary['window'] {
  if (!effectiveStartsAt || !effectiveRedeemBefore) return null;
  return { startsAt: effectiveStartsAt.getTime(), redeemBefore: effectiveRedeemBefore.getTime() };
}
