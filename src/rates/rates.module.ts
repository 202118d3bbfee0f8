import { Module } from '@nestjs/common';
import { DayRateCommands } from './day-rate.commands.js';
import { DayRateRepository } from './day-rate.repository.js';
import { ExchangeRateRepository } from './exchange-rate.repository.js';
import { ExchangeRatesController } from './exchange-rates.controller.js';
import { ExchangeRatesService } from './exchange-rates.service.js';

/** What one currency is worth in another, and at which rate the amounts of each day are converted. */
@Module({
  controllers: [ExchangeRatesController],
  providers: [DayRateCommands, DayRateRepository, ExchangeRateRepository, ExchangeRatesService],
  exports: [DayRateCommands],
})
export class RatesModule {}
