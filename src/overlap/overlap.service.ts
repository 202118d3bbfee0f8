import { Injectable } from '@nestjs/common';
import { CustomerOverlapReadModel } from '../attribution/customer-overlap.read-model.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { ReportSubjectReadModel, requireParticipant } from '../reports/report-subject.read-model.js';
import { type CustomerOverlap, measureOverlap } from './domain/measure-overlap.js';

export interface OverlapReport extends CustomerOverlap {
  readonly campaignId: string;
  readonly partnerId: string;
}

@Injectable()
export class OverlapService {
  constructor(
    private readonly database: Database,
    private readonly subjects: ReportSubjectReadModel,
    private readonly overlaps: CustomerOverlapReadModel,
  ) {}

  /** About customers of the caller's own partner. Throws `not-found` for a campaign of others and for another partner. */
  async ofPartner(
    principal: Principal,
    campaignId: string,
    asked: string | undefined,
  ): Promise<OverlapReport> {
    return this.database.snapshot(async (tx) => {
      const { campaign } = await this.subjects.find(tx, principal, campaignId, {});
      const partnerId = requireParticipant(principal, campaign, asked);
      const shared = await this.overlaps.ofRedeemer(tx, partnerId, campaignId);
      return { campaignId, partnerId, ...measureOverlap(campaignId, shared) };
    });
  }
}
