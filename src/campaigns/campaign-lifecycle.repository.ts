import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { TERMS_IN_FORCE } from './terms-in-force.events.js';

/** For whom, and with which key. */
export interface Approver {
  readonly partnerId: string;
  readonly keyId: string;
}

/**
 * What happens to a campaign after it was written. Every method needs the campaign locked. Instants are clock_timestamp(),
 * not now(): a transaction that had to wait for the lock began before the change it waited for, and by now() would be
 * recorded as earlier than it.
 */
@Injectable()
export class CampaignLifecycleRepository {
  /** Records a partner's approval of a version; nothing happens when it had approved that version before. */
  async approve(tx: Tx, id: string, version: number, by: Approver): Promise<void> {
    const added = await tx.execute(
      `insert into campaign_approvals (campaign_id, version, partner_id, api_key_id, approved_at)
       values ($1, $2, $3, $4, clock_timestamp()) on conflict do nothing`,
      [id, version, by.partnerId, by.keyId],
    );
    if (added > 0) await this.countChange(tx, id);
  }

  /** Brings a version into force, once, if every participant has approved it. */
  async putIntoForce(tx: Tx, id: string, version: number): Promise<void> {
    const approved = await tx.execute(
      `update campaign_terms set approved_at = clock_timestamp()
       where campaign_id = $1 and version = $2 and approved_at is null and not exists (
         select 1 from campaign_participants p
         where p.campaign_id = $1 and not exists (
           select 1 from campaign_approvals a
           where a.campaign_id = $1 and a.version = $2 and a.partner_id = p.partner_id))`,
      [id, version],
    );
    if (approved === 0) return;
    await tx.execute(
      `update campaigns c
            set effective_version = $2,
                has_budget = c.has_budget or exists (
                  select 1 from campaign_terms t where t.campaign_id = $1 and t.version = $2 and t.budget is not null)
          where c.id = $1`,
      [id, version],
    );
    await tx.execute('select pg_notify($1, $2)', [TERMS_IN_FORCE, id]);
  }

  async pause(tx: Tx, id: string): Promise<void> {
    await tx.execute(`insert into campaign_pauses (campaign_id, paused_at) values ($1, clock_timestamp())`, [
      id,
    ]);
    await this.countChange(tx, id);
  }

  async resume(tx: Tx, id: string): Promise<void> {
    await this.closePause(tx, id);
    await this.countChange(tx, id);
  }

  /** Ends the campaign, and a pause with it: a clerk is told that the campaign is over, not that it is paused. */
  async end(tx: Tx, id: string): Promise<void> {
    await this.closePause(tx, id);
    await tx.execute(
      'update campaigns set ended_at = clock_timestamp(), revision = revision + 1 where id = $1',
      [id],
    );
  }

  // greatest: the database's clock may have been set back since the pause began.
  private async closePause(tx: Tx, id: string): Promise<void> {
    await tx.execute(
      `update campaign_pauses set resumed_at = greatest(paused_at, clock_timestamp())
       where campaign_id = $1 and resumed_at is null`,
      [id],
    );
  }

  private async countChange(tx: Tx, id: string): Promise<void> {
    await tx.execute('update campaigns set revision = revision + 1 where id = $1', [id]);
  }
}
