import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { CustomerSummaryReadModel } from './customer-summary.read-model.js';
import { coarseCount } from './domain/coarse-count.js';

/** How many customers a campaign has seen; null: too few to say. */
export interface CustomerSummary {
  readonly before: string;
  readonly customers: bigint | null;
  readonly acrossPartners: bigint | null;
}

@Injectable()
export class CustomerSummaryService {
  constructor(
    private readonly database: Database,
    private readonly counts: CustomerSummaryReadModel,
  ) {}

  /** Throws 404 on a campaign that the principal's partner has no part in. */
  async summary(principal: Principal, campaignId: string): Promise<CustomerSummary> {
    const counts = await this.database.read((tx) => this.counts.counts(tx, principal, campaignId));
    if (!counts) throw notFound();
    const { before, customers, acrossPartners } = counts;
    return { before, customers: coarseCount(customers), acrossPartners: coarseCount(acrossPartners) };
  }
}
