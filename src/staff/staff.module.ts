import { Module } from '@nestjs/common';
import { AttributionModule } from '../attribution/attribution.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { ReportsModule } from '../reports/reports.module.js';
import { StaffController } from './staff.controller.js';
import { StaffService } from './staff.service.js';

/** Who at the till took the codes: for the partner whose till it is. */
@Module({
  imports: [AttributionModule, PartnersModule, ReportsModule],
  controllers: [StaffController],
  providers: [StaffService],
})
export class StaffModule {}
