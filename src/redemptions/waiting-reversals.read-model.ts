import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/** Whether reversals wait to be applied, asked before locks are taken for them: nearly always none does. */
@Injectable()
export class WaitingReversals {
  /** May say yes about a reversal that cannot be applied; never says no about one that can. */
  async existFor(
    tx: Tx,
    redeemerId: string,
    redemptions: readonly string[],
    reversals: readonly string[],
  ): Promise<boolean> {
    const [row] = await tx.prepared<{ waits: boolean }>(
      'reversals_wait_for',
      `select exists (
                select
                  from redemptions as r
                 cross join lateral (
                   select v.id
                     from reversals as v
                    where v.redeemer_partner_id = $1 and v.redemption_external_id = r.external_id
                   offset 0
                 ) as asked
                 where r.redeemer_partner_id = $1 and r.id = any($2::uuid[]) and r.status = 'accepted'
                   and not exists (select from reversal_applications as a
                                    where a.redeemer_partner_id = $1 and a.reversal_id = asked.id offset 0))
              or exists (
                select
                  from reversals as v
                 cross join lateral (
                   select r.status
                     from redemptions as r
                    where r.redeemer_partner_id = $1 and r.external_id = v.redemption_external_id
                   offset 0
                 ) as meant
                 where v.redeemer_partner_id = $1 and v.id = any($3::uuid[]) and meant.status = 'accepted'
                   and not exists (select from reversal_applications as a
                                    where a.redeemer_partner_id = $1 and a.reversal_id = v.id offset 0)) as waits`,
      [redeemerId, redemptions, reversals],
    );
    return row?.waits ?? false;
  }
}
