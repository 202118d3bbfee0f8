import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { RECOMPUTE_REDEMPTIONS } from './redemption-facts.sql.js';

/** What each redemption adds to the day of its campaign and of its clerk, and its receipt to the promo receipts and the revenue. */
@Injectable()
export class RedemptionFactsRepository {
  /**
   * Brings up to date what these redemptions and receipts touch at a redeemer; answers how many cells of `campaign_daily`,
   * `campaign_receipts_daily` and `campaign_clerks_daily` changed.
   */
  async recompute(
    tx: Tx,
    redeemerId: string,
    redemptions: readonly string[],
    receipts: readonly string[],
  ): Promise<number> {
    const [row] = await tx.prepared<{ changed: number }>('attribute_redemptions', RECOMPUTE_REDEMPTIONS, [
      redeemerId,
      redemptions,
      receipts,
    ]);
    return row?.changed ?? 0;
  }
}
