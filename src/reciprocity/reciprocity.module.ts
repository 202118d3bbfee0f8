import { Module } from '@nestjs/common';
import { AttributionModule } from '../attribution/attribution.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { ReportsModule } from '../reports/reports.module.js';
import { ReciprocityController } from './reciprocity.controller.js';
import { ReciprocityService } from './reciprocity.service.js';

/** What the partners of a campaign gave each other. */
@Module({
  imports: [AttributionModule, PartnersModule, ReportsModule],
  controllers: [ReciprocityController],
  providers: [ReciprocityService],
})
export class ReciprocityModule {}
