import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Page, PageRequest } from '../platform/http/page.js';
import { AgreementDrafts } from './agreement-drafts.js';
import { AgreementRepository } from './agreement.repository.js';
import { refusal } from './campaign-guards.js';
import { CampaignRepository } from './campaign.repository.js';
import type { ProposedAgreement } from './domain/amend-agreement.js';
import type { Campaign, CampaignSummary } from './domain/campaign.js';

@Injectable()
export class CampaignsService {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignRepository,
    private readonly agreements: AgreementRepository,
    private readonly drafts: AgreementDrafts,
  ) {}

  /** Proposes a campaign. The partner that does leads it; what the operator creates, the operator leads. */
  async create(principal: Principal, proposed: ProposedAgreement): Promise<Campaign> {
    assertTakesPart(principal, proposed);
    return this.database.transaction(async (tx) => {
      const { id, agreement } = await this.drafts.propose(tx, proposed);
      await this.agreements.insert(tx, id, principal.partnerId, agreement);
      return this.mustFind(this.campaigns.find(tx, principal, id));
    });
  }

  async get(principal: Principal, id: string): Promise<Campaign> {
    return this.database.snapshot((tx) => this.mustFind(this.campaigns.find(tx, principal, id)));
  }

  async list(principal: Principal, page: PageRequest): Promise<Page<CampaignSummary>> {
    return this.database.snapshot((tx) => this.campaigns.list(tx, principal, page));
  }

  private async mustFind(found: Promise<Campaign | undefined>): Promise<Campaign> {
    const campaign = await found;
    if (!campaign) throw notFound();
    return campaign;
  }
}

/** A partner proposes campaigns for itself with others, not for others. Throws 422. */
function assertTakesPart({ partnerId: own }: Principal, { participants }: ProposedAgreement): void {
  if (own === null || participants.some(({ partnerId }) => partnerId === own)) return;
  const detail = 'must name your own company';
  throw refusal({ code: 'participant.missing', pointer: '/participants', detail });
}
