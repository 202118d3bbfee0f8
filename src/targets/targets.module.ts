import { Module } from '@nestjs/common';
import { ReportsModule } from '../reports/reports.module.js';
import { TargetsController } from './targets.controller.js';
import { TargetsService } from './targets.service.js';

/** What was agreed as a goal, and how far the campaign is. */
@Module({
  imports: [ReportsModule],
  controllers: [TargetsController],
  providers: [TargetsService],
})
export class TargetsModule {}
