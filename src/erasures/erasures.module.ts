import { Module } from '@nestjs/common';
import { ContributionCommands } from '../attribution/contribution.commands.js';
import { PartnersModule } from '../partners/partners.module.js';
import { EraseCustomersProcessor } from './erase-customers.processor.js';
import { EraseCustomersProducer } from './erase-customers.producer.js';
import { EraseCustomersService } from './erase-customers.service.js';
import { ErasedRowsRepository } from './erased-rows.repository.js';
import { ErasureRepository } from './erasure.repository.js';
import { ErasuresController } from './erasures.controller.js';
import { ErasuresService } from './erasures.service.js';

/** Forgetting customers, without changing a figure. */
@Module({
  imports: [PartnersModule],
  controllers: [ErasuresController],
  providers: [
    ContributionCommands,
    ErasureRepository,
    ErasedRowsRepository,
    ErasuresService,
    EraseCustomersService,
    EraseCustomersProducer,
    EraseCustomersProcessor,
  ],
})
export class ErasuresModule {}
