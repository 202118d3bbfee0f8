import { Injectable } from '@nestjs/common';
import type { Money } from '../kernel/money.js';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';

/** Money somebody spends on a campaign. */
export interface CostEntry {
  readonly id: string;
  readonly campaignId: string;
  readonly category: string;
  readonly payerPartnerId: string;
  readonly amount: Money;
  /** Local date in the campaign zone. */
  readonly incurredOn: string;
  readonly planned: boolean;
  readonly note: string | null;
  readonly recordedAt: Date;
}
export type NewCostEntry = Omit<CostEntry, 'recordedAt'>;

/** What a cost entry has to agree with. */
export interface CostedCampaign {
  readonly currency: string;
  readonly participantIds: readonly string[];
}

@Injectable()
export class CostEntryRepository {
  async findCampaign(tx: Tx, principal: Principal, campaignId: string): Promise<CostedCampaign | undefined> {
    const campaign = await tx.row<CostedCampaign>(
      `select c.currency, array(
         select p.partner_id::text from campaign_participants p where p.campaign_id = c.id) as "participantIds"
       from campaigns c where c.id = $1`,
      [campaignId],
    );
    const isVisible = principal.role === 'operator' || campaign?.participantIds.includes(principal.partnerId);
    return isVisible ? campaign : undefined;
  }

  /** Keeps the campaign's currency as it is until the transaction ends. */
  async holdCampaign(tx: Tx, campaignId: string): Promise<void> {
    await tx.execute('select from campaigns c where c.id = $1 for share', [campaignId]);
  }

  /** Amounts in the campaign's own currency are kept without one. */
  async insert(tx: Tx, entry: NewCostEntry, campaignCurrency: string, keyId: string): Promise<CostEntry> {
    const { id, campaignId, payerPartnerId, category, amount, incurredOn, planned, note } = entry;
    const [row] = await tx.rows<{ recordedAt: Date }>(
      `insert into cost_entries (id, campaign_id, payer_partner_id, category, amount, incurred_on, planned, note,
         recorded_by_key_id, currency)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, $11))
       returning recorded_at as "recordedAt"`,
      [
        ...[id, campaignId, payerPartnerId, category, amount.minor, incurredOn, planned, note, keyId],
        ...[amount.currency, campaignCurrency],
      ],
    );
    if (!row) throw new Error('an insert answered nothing');
    return { ...entry, recordedAt: row.recordedAt };
  }

  /** A page of all entries, planned and actual, in the order in which they were recorded. */
  async list(tx: Tx, campaignId: string, currency: string, page: PageRequest): Promise<Page<CostEntry>> {
    const rows = await tx.rows<CostEntryRow>(
      `select e.id, e.campaign_id as "campaignId", e.category, e.payer_partner_id as "payerPartnerId", e.amount, coalesce(e.currency, $4) as currency,
         e.incurred_on as "incurredOn", e.planned, e.note, e.recorded_at as "recordedAt"
       from cost_entries e
       where e.campaign_id = $1 and ($2::uuid is null or e.id > $2)
       order by e.id limit $3`,
      [campaignId, page.after, page.limit + 1, currency],
    );
    return toPage(rows, page.limit, ({ amount, currency: own, ...row }) => ({
      ...row,
      amount: { minor: BigInt(amount), currency: own },
    }));
  }
}

type CostEntryRow = Omit<CostEntry, 'amount'> & { readonly amount: string; readonly currency: string };
