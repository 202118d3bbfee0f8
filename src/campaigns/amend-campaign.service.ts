import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { notFound, preconditionFailed } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { AgreementDrafts } from './agreement-drafts.js';
import { AgreementRepository } from './agreement.repository.js';
import { assertMayLead, assertNotEnded, refusal } from './campaign-guards.js';
import { CampaignRepository } from './campaign.repository.js';
import type { Agreement } from './domain/agreement.js';
import type { AgreementChanges } from './domain/amend-agreement.js';
import type { Campaign } from './domain/campaign.js';

@Injectable()
export class AmendCampaignService {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignRepository,
    private readonly agreements: AgreementRepository,
    private readonly drafts: AgreementDrafts,
  ) {}

  /**
   * Changes a campaign that is at `revision`. A new name takes effect at once; any other change makes a new version, which
   * takes effect when all participants have approved it. What changes nothing makes no version.
   */
  async amend(
    principal: Principal,
    id: string,
    revision: number,
    changes: AgreementChanges,
  ): Promise<Campaign> {
    return this.database.transaction(async (tx) => {
      const campaign = await this.campaigns.lock(tx, principal, id);
      if (!campaign) throw notFound();
      assertMayLead(principal, campaign);
      if (campaign.revision !== revision) throw preconditionFailed();
      assertNotEnded(campaign);
      const next = await this.drafts.amend(tx, campaign, changes);
      if (next.currency !== campaign.agreement.currency) await this.assertNoCosts(tx, id);
      await this.save(tx, campaign, next);
      return (await this.campaigns.find(tx, principal, id)) ?? campaign;
    });
  }

  /** Cost entries are amounts of the campaign's currency: in another one they would say something else. */
  private async assertNoCosts(tx: Tx, id: string): Promise<void> {
    if (!(await this.agreements.hasCosts(tx, id))) return;
    const detail = 'cannot change once costs were recorded in it';
    throw refusal({ code: 'campaign.terms-fixed', pointer: '/currency', detail });
  }

  private async save(tx: Tx, campaign: Campaign, next: Agreement): Promise<void> {
    const { id, agreement: current, latestVersion } = campaign;
    if (isDeepStrictEqual(next, current)) return;
    if (isDeepStrictEqual({ ...next, name: current.name }, current)) {
      await this.agreements.rename(tx, id, next.name);
    } else {
      await this.agreements.addVersion(tx, id, latestVersion + 1, next);
    }
  }
}
