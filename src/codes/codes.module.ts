import { Module } from '@nestjs/common';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { HoldOutModule } from '../hold-out/hold-out.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { CodeCommands } from './code.commands.js';
import { CodeConditionsCheck } from './code-conditions.js';
import { CodeReadModel } from './code.read-model.js';
import { CodeWordRepository } from './code-word.repository.js';
import { CodeWordsController } from './code-words.controller.js';
import { CodeWordsService } from './code-words.service.js';
import { CounterCommands } from './counter.commands.js';
import { CouponBatchRepository } from './coupon-batch.repository.js';
import { CouponBatchesController } from './coupon-batches.controller.js';
import { CouponBatchesService } from './coupon-batches.service.js';
import { GenerateCouponsProcessor } from './generate-coupons.processor.js';
import { GenerateCouponsProducer } from './generate-coupons.producer.js';
import { GenerateCouponsService } from './generate-coupons.service.js';
import { IssuanceGate } from './issuance-gate.js';
import { IssuancePool } from './issuance-pool.js';
import { IssuancePoolRepository } from './issuance-pool.repository.js';
import { IssuanceRepository } from './issuance.repository.js';
import { IssuanceRequests } from './issuance-requests.js';
import { IssuanceTransaction } from './issuance-transaction.js';
import { IssuanceWriter } from './issuance-writer.js';
import { IssuancesController } from './issuances.controller.js';
import { IssueCouponService } from './issue-coupon.service.js';
import { ListIssuancesService } from './list-issuances.service.js';
import { ListPlacementsService } from './list-placements.service.js';
import { LiveCodeWords } from './live-code-words.read-model.js';
import { OfferAccess } from './offer-access.js';
import { OrderCouponsService } from './order-coupons.service.js';
import { PlacementRepository } from './placement.repository.js';
import { PlacementsController } from './placements.controller.js';

/** Code words and coupons: making, finding, counting and revoking them. */
@Module({
  imports: [PartnersModule, CampaignsModule, HoldOutModule],
  controllers: [CodeWordsController, CouponBatchesController, IssuancesController, PlacementsController],
  providers: [
    OfferAccess,
    CodeConditionsCheck,
    PlacementRepository,
    CodeWordRepository,
    CodeWordsService,
    CouponBatchRepository,
    OrderCouponsService,
    CouponBatchesService,
    GenerateCouponsService,
    GenerateCouponsProducer,
    GenerateCouponsProcessor,
    IssuancePoolRepository,
    IssuancePool,
    IssuanceRepository,
    IssuanceRequests,
    IssuanceGate,
    IssuanceWriter,
    IssuanceTransaction,
    IssueCouponService,
    ListIssuancesService,
    ListPlacementsService,
    CodeReadModel,
    LiveCodeWords,
    CodeCommands,
    CounterCommands,
  ],
  exports: [CodeReadModel, LiveCodeWords, CodeCommands, CounterCommands],
})
export class CodesModule {}
