import { Module } from '@nestjs/common';
import { PartnersModule } from '../partners/partners.module.js';
import { HoldOutCampaigns } from './hold-out-campaigns.read-model.js';
import { HoldOutCommands } from './hold-out.commands.js';
import { HoldOutController } from './hold-out.controller.js';
import { HoldOutRepository } from './hold-out.repository.js';
import { HoldOutService } from './hold-out.service.js';

/** From which customers a campaign withholds its codes, so that what it adds can be told from the others. */
@Module({
  imports: [PartnersModule],
  controllers: [HoldOutController],
  providers: [HoldOutRepository, HoldOutCampaigns, HoldOutCommands, HoldOutService],
  exports: [HoldOutCommands],
})
export class HoldOutModule {}
