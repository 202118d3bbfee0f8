import { Module } from '@nestjs/common';
import { AttributionModule } from '../attribution/attribution.module.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { CreditsController } from './credits.controller.js';
import { CreditsService } from './credits.service.js';
import { JourneyReadModel } from './journey.read-model.js';

/** Which placement, channel or partner a redemption is credited to, by nine models. */
@Module({
  imports: [AttributionModule, CampaignsModule, PartnersModule],
  controllers: [CreditsController],
  providers: [CreditsService, JourneyReadModel],
})
export class CreditsModule {}
