import { Module } from '@nestjs/common';
import { AttributionModule } from '../attribution/attribution.module.js';
import { ReportsModule } from '../reports/reports.module.js';
import { OverlapController } from './overlap.controller.js';
import { OverlapService } from './overlap.service.js';

/** Whether campaigns of a partner reach the same people. */
@Module({
  imports: [AttributionModule, ReportsModule],
  controllers: [OverlapController],
  providers: [OverlapService],
})
export class OverlapModule {}
