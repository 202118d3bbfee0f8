import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/** Which redemptions reversals are about. */
@Injectable()
export class ReversedRedemptionRepository {
  /** The redemptions that these reversals ask for, as far as they have arrived; applied or not, a look again does no harm. */
  async find(tx: Tx, redeemerId: string, reversals: readonly string[]): Promise<string[]> {
    if (reversals.length === 0) return [];
    const rows = await tx.prepared<{ id: string }>(
      'attribution_reversed',
      `select r.id
         from reversals as v
         join redemptions as r on r.redeemer_partner_id = $1 and r.external_id = v.redemption_external_id
        where v.redeemer_partner_id = $1 and v.id = any($2::uuid[])`,
      [redeemerId, reversals],
    );
    return rows.map((row) => row.id);
  }
}
