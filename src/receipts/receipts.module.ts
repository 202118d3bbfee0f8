import { Module } from '@nestjs/common';
import { HoldOutModule } from '../hold-out/hold-out.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { ChannelDayRepository } from './channel-day.repository.js';
import { PostingContextRepository } from './posting-context.repository.js';
import { PutReceiptTotalsService } from './put-receipt-totals.service.js';
import { ReceiptIntake } from './receipt-intake.js';
import { ReceiptReadModel } from './receipt.read-model.js';
import { ReceiptRepository } from './receipt.repository.js';
import { ReceiptWriter } from './receipt-writer.js';
import { ReceiptsController } from './receipts.controller.js';
import { RecordReceiptsService } from './record-receipts.service.js';

@Module({
  imports: [PartnersModule, HoldOutModule],
  controllers: [ReceiptsController],
  providers: [
    RecordReceiptsService,
    PutReceiptTotalsService,
    ReceiptIntake,
    ReceiptWriter,
    PostingContextRepository,
    ReceiptRepository,
    ChannelDayRepository,
    ReceiptReadModel,
  ],
  exports: [ReceiptReadModel],
})
export class ReceiptsModule {}
