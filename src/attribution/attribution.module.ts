import { Module } from '@nestjs/common';
import { RatesModule } from '../rates/rates.module.js';
import { RedemptionsModule } from '../redemptions/redemptions.module.js';
import { AttributeFactsProcessor } from './attribute-facts.processor.js';
import { AttributeFactsProducer } from './attribute-facts.producer.js';
import { AttributionService } from './attribution.service.js';
import { CampaignCustomersRepository } from './campaign-customers.repository.js';
import { ConvertWaitingFactsProcessor } from './convert-waiting-facts.processor.js';
import { ConvertWaitingFactsProducer } from './convert-waiting-facts.producer.js';
import { ConvertWaitingFactsService } from './convert-waiting-facts.service.js';
import { FactRatesRepository } from './fact-rates.repository.js';
import { CustomerOverlapReadModel } from './customer-overlap.read-model.js';
import { PairCustomersRepository } from './pair-customers.repository.js';
import { FactsWithoutRateMetric } from './facts-without-rate.metric.js';
import { RecomputeContributionsService } from './recompute-contributions.service.js';
import { RedemptionFactsRepository } from './redemption-facts.repository.js';
import { ReversedRedemptionRepository } from './reversed-redemption.repository.js';
import { RollupReadModel } from './rollup.read-model.js';

@Module({
  imports: [RatesModule, RedemptionsModule],
  providers: [
    AttributeFactsProcessor,
    AttributeFactsProducer,
    AttributionService,
    CampaignCustomersRepository,
    ConvertWaitingFactsProcessor,
    ConvertWaitingFactsProducer,
    ConvertWaitingFactsService,
    FactRatesRepository,
    CustomerOverlapReadModel,
    PairCustomersRepository,
    FactsWithoutRateMetric,
    RecomputeContributionsService,
    RedemptionFactsRepository,
    ReversedRedemptionRepository,
    RollupReadModel,
  ],
  exports: [CustomerOverlapReadModel, RollupReadModel],
})
export class AttributionModule {}
