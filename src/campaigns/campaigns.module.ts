import { Module } from '@nestjs/common';
import { PartnersModule } from '../partners/partners.module.js';
import { RatesModule } from '../rates/rates.module.js';
import { AgreementDrafts } from './agreement-drafts.js';
import { AgreementRepository } from './agreement.repository.js';
import { AmendCampaignService } from './amend-campaign.service.js';
import { CampaignLifecycleController } from './campaign-lifecycle.controller.js';
import { CampaignLifecycleRepository } from './campaign-lifecycle.repository.js';
import { CampaignLifecycleService } from './campaign-lifecycle.service.js';
import { CampaignReadModel } from './campaign.read-model.js';
import { CampaignRepository } from './campaign.repository.js';
import { CampaignsController } from './campaigns.controller.js';
import { CampaignsService } from './campaigns.service.js';
import { CostEntriesController } from './cost-entries.controller.js';
import { CostEntriesService } from './cost-entries.service.js';
import { CostEntryRepository } from './cost-entry.repository.js';
import { IssuableOfferReadModel } from './issuable-offer.read-model.js';
import { OfferRepository } from './offer.repository.js';
import { OfferStates } from './offer-states.read-model.js';

/** Campaigns, what their participants agreed on and approved, and what they spend on them. */
@Module({
  imports: [PartnersModule, RatesModule],
  controllers: [CampaignsController, CampaignLifecycleController, CostEntriesController],
  providers: [
    CampaignRepository,
    AgreementRepository,
    OfferRepository,
    CampaignLifecycleRepository,
    CostEntryRepository,
    AgreementDrafts,
    CampaignsService,
    AmendCampaignService,
    CampaignLifecycleService,
    CostEntriesService,
    CampaignReadModel,
    OfferStates,
    IssuableOfferReadModel,
  ],
  exports: [CampaignReadModel, OfferStates, IssuableOfferReadModel],
})
export class CampaignsModule {}
