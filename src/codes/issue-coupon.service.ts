import { Injectable } from '@nestjs/common';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { IssuanceGate } from './issuance-gate.js';
import { type IssuanceInput, IssuanceRequests } from './issuance-requests.js';
import { type IssuanceOutcome, IssuanceTransaction } from './issuance-transaction.js';

/** Single coupons, handed out at the tills of the issuer. */
@Injectable()
export class IssueCouponService {
  constructor(
    private readonly requests: IssuanceRequests,
    private readonly gate: IssuanceGate,
    private readonly transaction: IssuanceTransaction,
    private readonly metrics: Metrics,
  ) {}

  /**
   * One coupon for one customer, once for each external id and for each receipt. Throws 404 on an offer that the partner has
   * no part in or a channel that is not its own, 403 when it is not the issuer, 422 when the external id was used for another
   * request, 503 when too many wait.
   */
  async issue(principal: PartnerPrincipal, offerId: string, input: IssuanceInput): Promise<IssuanceOutcome> {
    const request = await this.requests.prepare(principal, input);
    const outcome = await this.gate.pass(() => this.transaction.run(principal, offerId, request));
    this.count(outcome);
    return outcome;
  }

  private count(outcome: IssuanceOutcome): void {
    if (outcome.kind === 'refused')
      this.metrics.issuances.inc({ outcome: 'refused', reason: outcome.reason });
    else this.metrics.issuances.inc({ outcome: outcome.replayed ? 'replayed' : 'issued', reason: '' });
  }
}
