import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { Agreement, Participant } from './domain/agreement.js';
import { toBudgetJson } from './domain/budget.js';
import { redemptionWindow } from './domain/campaign-terms.js';
import { formatShare } from './domain/hold-out-share.js';
import { formatPercent } from './domain/reward-json.js';
import { toTargetJson } from './domain/target.js';
import { OfferRepository } from './offer.repository.js';

/** Writes campaigns and the versions of their terms. A version is a full copy: what was agreed then is never looked for elsewhere. */
@Injectable()
export class AgreementRepository {
  constructor(private readonly offers: OfferRepository) {}

  async insert(tx: Tx, id: string, leadPartnerId: string | null, agreement: Agreement): Promise<void> {
    const { name, kind, currency, timeZone } = agreement;
    await tx.execute(
      `insert into campaigns (id, name, kind, currency, time_zone, lead_partner_id, latest_version)
       values ($1, $2, $3, $4, $5, $6, 1)`,
      [id, name, kind, currency, timeZone, leadPartnerId],
    );
    await this.insertVersion(tx, id, 1, agreement);
  }

  /** A name is not part of the terms: it changes in place. */
  async rename(tx: Tx, id: string, name: string): Promise<void> {
    await tx.execute('update campaigns set name = $2, revision = revision + 1 where id = $1', [id, name]);
  }

  /** Makes the agreement the latest version, which waits for approval; the effective one stays in force. */
  async addVersion(tx: Tx, id: string, version: number, agreement: Agreement): Promise<void> {
    const { name, kind, currency, timeZone } = agreement;
    await tx.execute(
      `update campaigns
       set name = $2, kind = $3, currency = $4, time_zone = $5, latest_version = $6, revision = revision + 1
       where id = $1`,
      [id, name, kind, currency, timeZone, version],
    );
    await this.insertVersion(tx, id, version, agreement);
  }

  /** Whether amounts were already recorded in the campaign's currency. */
  async hasCosts(tx: Tx, id: string): Promise<boolean> {
    return (
      (await tx.row('select 1 from cost_entries e where e.campaign_id = $1 limit 1', [id])) !== undefined
    );
  }

  private async insertVersion(tx: Tx, id: string, version: number, agreement: Agreement): Promise<void> {
    await this.putParticipants(tx, id, agreement.participants);
    await this.insertTerms(tx, id, version, agreement);
    await this.offers.insertVersion(tx, id, version, agreement.offers);
  }

  private async putParticipants(tx: Tx, id: string, participants: readonly Participant[]): Promise<void> {
    await tx.execute(
      `insert into campaign_participants (campaign_id, partner_id, role)
       select $1, p."partnerId", p.role from jsonb_to_recordset($2::jsonb) as p ("partnerId" uuid, role text)
       on conflict (campaign_id, partner_id) do update set role = excluded.role
       where campaign_participants.role <> excluded.role`,
      [id, JSON.stringify(participants)],
    );
  }

  private async insertTerms(tx: Tx, id: string, version: number, agreement: Agreement): Promise<void> {
    const { terms, timeZone } = agreement;
    const { startsAt, redeemBefore } = redemptionWindow(terms, timeZone);
    const { reversalPolicy, offlinePolicy } = terms;
    await tx.execute(
      `insert into campaign_terms (campaign_id, version, starts_on, ends_on, redeem_until, starts_at, redeem_before,
         income_basis, new_customer_lookback_days, returning_after_days, attribution_lookback_days, return_use, void_minutes, offline_mode,
         offline_max_delay_hours, offline_bearer, budget, control_channels, reciprocity_tolerance, targets, hold_out_share)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
      [
        ...[id, version, terms.startsOn, terms.endsOn, terms.redeemUntil],
        ...[new Date(startsAt), new Date(redeemBefore)],
        ...[terms.incomeBasis, terms.newCustomerLookbackDays, terms.returningAfterDays],
        terms.attributionLookbackDays,
        ...[reversalPolicy.returnUse, reversalPolicy.voidMinutes],
        ...[offlinePolicy.mode, offlinePolicy.maxDelayHours],
        offlinePolicy.mode === 'honour' ? offlinePolicy.bearer : null,
        terms.budget && JSON.stringify(toBudgetJson(terms.budget)),
        terms.controlChannels,
        terms.reciprocityTolerance && formatPercent(terms.reciprocityTolerance),
        terms.targets.length === 0 ? null : JSON.stringify(terms.targets.map(toTargetJson)),
        terms.holdOutShare && formatShare(terms.holdOutShare),
      ],
    );
  }
}
