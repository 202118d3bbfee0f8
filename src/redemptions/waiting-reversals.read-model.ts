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
                  join reversals as v on v.redeemer_partner_id = $1 and v.redemption_external_id = r.external_id
                 where r.redeemer_partner_id = $1 and r.id = any($2::uuid[]) and r.status = 'accepted'
                   and not exists (select from reversal_applications as a
                                    where a.redeemer_partner_id = $1 and a.reversal_id = v.id))
              or exists (
                select
                  from reversals as v
                  join redemptions as r on r.redeemer_partner_id = $1 and r.external_id = v.redemption_external_id
                 where v.redeemer_partner_id = $1 and v.id = any($3::uuid[]) and r.status = 'accepted'
                   and not exists (select from reversal_applications as a
                                    where a.redeemer_partner_id = $1 and a.reversal_id = v.id)) as waits`,
      [redeemerId, redemptions, reversals],
    );
    return row?.waits ?? false;
  }
}
