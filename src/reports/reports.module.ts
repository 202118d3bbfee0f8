import { Module } from '@nestjs/common';
import { AttributionModule } from '../attribution/attribution.module.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { CodesModule } from '../codes/codes.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { RatesModule } from '../rates/rates.module.js';
import { ReceiptsModule } from '../receipts/receipts.module.js';
import { UpliftModule } from '../uplift/uplift.module.js';
import { CampaignReportReadModel } from './campaign-report.read-model.js';
import { CampaignReportsService } from './campaign-reports.service.js';
import { ComparisonController } from './comparison.controller.js';
import { ReportProfitReadModel } from './report-profit.read-model.js';
import { ReportSubjectReadModel } from './report-subject.read-model.js';
import { ReportsController } from './reports.controller.js';

/** What a campaign brought and what it cost: figures from rollups, never from single redemptions. */
@Module({
  imports: [
    AttributionModule,
    CampaignsModule,
    CodesModule,
    PartnersModule,
    RatesModule,
    ReceiptsModule,
    UpliftModule,
  ],
  controllers: [ReportsController, ComparisonController],
  providers: [CampaignReportReadModel, CampaignReportsService, ReportProfitReadModel, ReportSubjectReadModel],
  exports: [CampaignReportReadModel, ReportSubjectReadModel],
})
export class ReportsModule {}
