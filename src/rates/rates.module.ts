import { Module } from '@nestjs/common';
import { DayRateCommands } from './day-rate.commands.js';
import { DayRateReadModel } from './day-rate.read-model.js';
import { DayRateRepository } from './day-rate.repository.js';
import { ExchangeRateRepository } from './exchange-rate.repository.js';
import { ExchangeRatesController } from './exchange-rates.controller.js';
import { ExchangeRatesService } from './exchange-rates.service.js';

/** What one currency is worth in another, and at which rate the amounts of each day are converted. */
@Module({
  controllers: [ExchangeRatesController],
  providers: [
    DayRateCommands,
    DayRateReadModel,
    DayRateRepository,
    ExchangeRateRepository,
    ExchangeRatesService,
  ],
  exports: [DayRateCommands, DayRateReadModel],
})
export class RatesModule {}
