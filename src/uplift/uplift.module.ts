import { Module } from '@nestjs/common';
import { AttributionModule } from '../attribution/attribution.module.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { ReceiptsModule } from '../receipts/receipts.module.js';
import { CampaignUpliftService } from './campaign-uplift.service.js';
import { HoldOutOutcomesReadModel } from './hold-out-outcomes.read-model.js';
import { UpliftController } from './uplift.controller.js';
import { UpliftSourceReadModel } from './uplift-source.read-model.js';

/** What a campaign added: observed less what would have been without it, and how sure that is. */
@Module({
  imports: [AttributionModule, CampaignsModule, PartnersModule, ReceiptsModule],
  controllers: [UpliftController],
  providers: [CampaignUpliftService, UpliftSourceReadModel, HoldOutOutcomesReadModel],
  exports: [UpliftSourceReadModel],
})
export class UpliftModule {}
